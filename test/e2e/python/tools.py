"""Rounds of tool calls as on Model Studio's chat page: the results name their tool, but not the call that they answer."""

import json
import os

from openai import OpenAI

client = OpenAI(api_key="any", base_url=os.environ["OPENAI_BASE_URL"], max_retries=0)

# As on the page: no parameters at all, and a `required` that stands beside the schema instead of in it.
tools = [
    {
        "type": "function",
        "function": {
            "name": "get_current_time",
            "description": "Useful for when you want to know the current time.",
            "parameters": {},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "get_current_weather",
            "description": "Useful for querying the weather in a specific city.",
            "parameters": {
                "type": "object",
                "properties": {"location": {"type": "string", "description": "A city or county."}},
            },
            "required": ["location"],
        },
    },
]


def run(name, arguments):
    if name == "get_current_weather":
        return f"It is rainy in {json.loads(arguments)['location']}."
    return "It is 17:15."


def ask(messages):
    completion = client.chat.completions.create(model=os.environ["MODEL"], messages=messages, tools=tools)
    message = completion.model_dump()["choices"][0]["message"]
    message["content"] = message["content"] or ""
    return message


messages = [{"role": "user", "content": "What is the weather in Singapore? What time is it now?"}]
answer = ask(messages)
messages.append(answer)
called = []
while answer["tool_calls"] is not None and len(called) < 5:
    # Only the first of several calls is run, as the page does it.
    function = answer["tool_calls"][0]["function"]
    called.append(function["name"])
    result = run(function["name"], function["arguments"])
    messages.append({"role": "tool", "name": function["name"], "content": result})
    answer = ask(messages)
    messages.append(answer)

print(json.dumps({"called": called, "answer": answer["content"]}))
