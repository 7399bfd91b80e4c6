"""The rules of the exchange, on both sides. They do no IO of their own and know no kind of token.

At the customer's: `asking`, `applying`, `proving`, over the ports of `ports`. At the vendor's: `receiving`,
`answering`, `confirming`, on what the desk knows of one key (`account`).
"""
