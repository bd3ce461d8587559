"""The langchain_openai package as Model Studio's chat page uses it."""

import json
import os

from langchain_openai import ChatOpenAI

options = {"api_key": "any", "base_url": os.environ["OPENAI_BASE_URL"], "model": os.environ["MODEL"], "max_retries": 0}
messages = [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Who are you?"},
]

whole = ChatOpenAI(**options).invoke(messages)
chunks = list(ChatOpenAI(**options, stream_usage=True).stream(messages))
usages = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]

print(
    json.dumps(
        {
            "whole": whole.content,
            "finish": whole.response_metadata["finish_reason"],
            "total": whole.usage_metadata["total_tokens"],
            "streamed": "".join(chunk.content for chunk in chunks),
            "streamedTotal": usages[-1]["total_tokens"],
        }
    )
)
