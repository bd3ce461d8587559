"""The anthropic package as Model Studio's page on Anthropic compatibility uses it: a stream that thinks first, and a whole answer."""

import json
import os

import anthropic

client = anthropic.Anthropic(api_key="any", base_url=os.environ["ANTHROPIC_BASE_URL"], max_retries=0)
request = {
    "model": os.environ["MODEL"],
    "max_tokens": 2048,
    "system": "you are a helpful assistant",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "Who are you?"}]}],
}

stream = client.messages.create(**request, stream=True, thinking={"type": "enabled", "budget_tokens": 1024})
thinking, text = "", ""
for event in stream:
    if event.type != "content_block_delta":
        continue
    if hasattr(event.delta, "thinking"):
        thinking += event.delta.thinking
    elif hasattr(event.delta, "text"):
        text += event.delta.text

whole = client.messages.create(**request)

print(
    json.dumps(
        {
            "thinking": thinking,
            "streamed": text,
            "whole": "".join(block.text for block in whole.content if block.type == "text"),
            "stop": whole.stop_reason,
            "outputTokens": whole.usage.output_tokens,
        }
    )
)
