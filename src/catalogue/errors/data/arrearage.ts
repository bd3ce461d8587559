import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Unpaid bills, and connections that fail before any answer. */
export const arrearageErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-Arrearage',
    status: [400],
    nativeCodes: ['Arrearage'],
    compatibleCodes: ['Arrearage'],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'account',
    origin: 'account',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'account-arrearage',
      generic: 'code',
      messages: ['Access denied, please make sure your account is in good standing.'],
      causes: [
        {
          when: ['Expenses and Costs shows an unpaid amount.', '“费用与成本”页面显示有欠费。'],
          cause: ['The Alibaba Cloud account that owns the API key owes money.', 'API Key 所属的阿里云账号已欠费。'],
          fix: [
            'Pay the open amount, then wait some minutes until the balance is updated. Sending again before that does not help.',
            '尽快充值；余额更新可能有延迟，请稍候再试。充值之前重试无效。',
          ],
        },
        {
          when: ['The account that you look at owes nothing.', '查看的账号并未欠费。'],
          cause: [
            'The API key belongs to another account, and that one is in arrears.',
            'API Key 属于另一个账号，欠费的是那个账号。',
          ],
          fix: [
            'Find out which account created the key, or use a key of your own account.',
            '确认 API Key 的归属账号，或换用当前账号的 API Key。',
          ],
        },
      ],
      alsoIn: [{ document: 'anthropic-messages', section: 'Error codes', message: 'Arrearage' }],
    },
  ],
);

export const connectionErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-APIConnectionError',
    status: [400],
    nativeCodes: ['APIConnectionError'],
    compatibleCodes: ['APIConnectionError'],
    protocols: ['sdk', 'client', 'openai', 'anthropic'],
    area: 'network',
    origin: 'network',
    retryable: { kind: 'backoff' },
  },
  [
    {
      id: 'network-connection-error',
      messages: ['Connection error.'],
      patterns: ['Connection error.', 'connect ECONNREFUSED {address}', 'getaddrinfo ENOTFOUND {host}'],
      causes: [
        {
          when: ['Other addresses fail as well, or a proxy is switched on.', '其他网址也无法访问，或开启了代理。'],
          cause: [
            'The connection breaks in the local network, most often at a proxy.',
            '本地网络异常，通常是开启了代理。',
          ],
          fix: [
            'Switch the proxy off or restart it, then try again; check firewall and DNS.',
            '关闭或重启代理后重试，并检查防火墙与 DNS。',
          ],
        },
        {
          when: [
            'Only this address fails, for instance in a tool set up for the Coding Plan.',
            '只有该地址失败，例如刚为编程工具配置 Coding Plan。',
          ],
          cause: [
            'The Base URL is misspelt, so the tool calls a host that does not exist or does not answer.',
            'Base URL 拼写有误，工具连接到了不存在或不响应的地址。',
          ],
          fix: [
            'Copy the Base URL of the plan again (letter by letter, with https:// and the right path) and check the network.',
            '重新复制套餐的 Base URL（注意 https:// 与路径）并检查网络连接。',
          ],
          signs: { hosts: ['coding.', 'coding-intl.'] },
        },
        {
          when: [
            'The message says ECONNREFUSED, or the address is one of this machine (127.0.0.1, localhost).',
            '报错中有 ECONNREFUSED，或地址是本机（127.0.0.1、localhost）。',
          ],
          cause: [
            'Nothing listens at that address: the program there has not been started, has ended, or uses another port.',
            '该地址没有程序在监听：程序尚未启动、已经退出，或使用了其他端口。',
          ],
          fix: [
            'Start it and compare the port with the one that it prints; a gateway on this machine answers `curl http://127.0.0.1:8080/health`.',
            '启动该程序，并核对它输出的端口；本机网关可用 `curl http://127.0.0.1:8080/health` 检查。',
          ],
          signs: { hosts: ['127.0.0.1', 'localhost'] },
        },
      ],
      alsoIn: [
        { document: 'error-codes', section: 'Coding Plan', message: 'Connection error' },
        { document: 'coding-plan-faq', section: 'Common errors and solutions', message: 'Connection error' },
      ],
    },
  ],
);
