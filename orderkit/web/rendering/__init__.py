"""From page models to HTML: templates, texts in two languages, and the files that pages load."""
