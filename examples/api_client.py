"""Ask a page that runs somewhere: read a digit, train a network, from any program.

    python app.py                                           # in one terminal, or: mnist-demo serve
    python -m examples.api_client http://127.0.0.1:7860     # in another

"Use via API", at the foot of the page, lists all endpoints and what they take.
"""

import sys

from gradio_client import Client

client = Client(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860", verbose=False)

# One question, one answer. A stroke is a list of points [x, y]; these two make a four.
four = [[[30, 10], [22, 30], [12, 52], [60, 52]], [[45, 25], [45, 90]]]
answer = client.predict(four, api_name="/predict_strokes")
best = answer["confidences"][0]
article = "an" if best["label"] == "8" else "a"
print(f"It reads {article} {best['label']}, with {best['confidence']:.1%}.")

# A training streams its events. `submit` returns at once; loop over the job for what arrives.
for event in client.submit(recipe="softmax", epochs=2, api_name="/train"):
    match event["event"]:
        case "waiting":
            print(f"Others train; place {event['place']} in line.")
        case "step":
            print(f"  epoch {event['epoch']}, step {event['step']}: loss {event['loss']:.4f}")
        case "epoch":
            print(f"epoch {event['epoch']}: test accuracy {event['test_accuracy']:.2%}")
