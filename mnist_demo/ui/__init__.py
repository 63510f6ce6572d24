"""The web page. Nothing outside this folder and app.py imports gradio."""
