"""The openai package as Model Studio's chat page uses it: a whole answer, and a stream with its usage at the end."""

import json
import os

from openai import OpenAI

client = OpenAI(api_key="any", base_url=os.environ["OPENAI_BASE_URL"], max_retries=0)
request = {
    "model": os.environ["MODEL"],
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Who are you?"},
    ],
}

whole = client.chat.completions.create(**request)
stream = client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True})
chunks = [chunk.model_dump() for chunk in stream]
deltas = [chunk["choices"][0]["delta"]["content"] or "" for chunk in chunks if chunk["choices"]]

print(
    json.dumps(
        {
            "whole": whole.choices[0].message.content,
            "finish": whole.choices[0].finish_reason,
            "total": whole.usage.total_tokens,
            "streamed": "".join(deltas),
            "streamedTotal": chunks[-1]["usage"]["total_tokens"],
        }
    )
)
