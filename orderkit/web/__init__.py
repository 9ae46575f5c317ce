"""The web app: pages for people, and the API for programs. `app.create_app` puts it together.

Everything that decides something lives in `engine`; here requests become calls of it, and what it
returns becomes page models, HTML and JSON. `pages` holds one module and one template for each page.
"""
