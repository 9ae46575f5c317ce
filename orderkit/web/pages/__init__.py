"""The pages: one module and one template each. A module holds the page's model and its handlers."""
