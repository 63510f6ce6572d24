"""The web app. `python app.py` serves it; host and port come from GRADIO_SERVER_NAME and _PORT."""

from mnist_demo.ui.page import build_app, launch_options

demo = build_app()

if __name__ == "__main__":
    demo.launch(**launch_options())
