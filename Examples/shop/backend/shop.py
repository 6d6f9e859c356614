#!/usr/bin/env python3
"""The online shop's back end: a JSON service over HTTP with its own SQLite file. Standard library only.

    python3 shop.py --database FILE --port N [--seed] [--today YYYY-MM-DD] [--faults]

Prints one line of JSON when it is ready to answer. SIGTERM and SIGINT end it after the transaction under way.
"""

import pathlib
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[2]))

from backend.routes import Routes, text
from backend.server import command_line, serve

import seed
from store import Store


class ShopRoutes(Routes):
    name = "shop"

    def __init__(self, store: Store):
        super().__init__(store)
        self.reads |= {("GET", r"/orders/(\w+)"): lambda m, b, q: (200, {"order": store.order(m[1])})}
        self.changes |= {
            ("POST", r"/orders/(\w+)/address"): self._address,
            ("POST", r"/orders/(\w+)/delivery"): self._delivery,
            ("POST", r"/cases"): self._case,
        }

    def _address(self, match, body):
        address = text(body, "address", r".{1,200}")
        return lambda key: self.store.change_address(key, match[1], address)

    def _delivery(self, match, body):
        date = text(body, "date", r".{1,10}")
        return lambda key: self.store.move_delivery(key, match[1], date)

    def _case(self, match, body):
        number = text(body, "order_number", r".{1,8}", required=False)
        summary, callback = text(body, "summary", r".{1,2000}"), text(body, "callback", r".{1,100}", required=False)
        return lambda key: self.store.open_case(key, number, summary, callback)


def main():
    parser = command_line("shop", "orders")
    parser.add_argument("--verbose", action="store_true", help="log each request to standard error")
    options = parser.parse_args()
    store = Store(options.database, options.today)
    if options.seed:
        store.seed(seed.orders(store.today))
    serve(ShopRoutes(store), options, options.verbose)


if __name__ == "__main__":
    main()
