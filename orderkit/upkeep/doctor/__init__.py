"""Looking at a database and its attachments without touching them: what is wrong, and what should be known.

`examining` puts the parts together: `structure` holds the live schema against the model, `soundness` looks
for what does not hold together in it, `attachments` compares rows with the store.
"""
