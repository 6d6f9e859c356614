"""A dozen orders. Delivery dates count from the day given, so that the data never grows old."""

import datetime


def orders(today: datetime.date) -> list[dict]:
    def row(number, customer, status, carrier, days, address, *items):
        return {
            "number": number,
            "customer": customer,
            "status": status,
            "carrier": carrier,
            "delivery_date": (today + datetime.timedelta(days=days)).isoformat(),
            "address": address,
            "items": [{"name": name, "quantity": quantity} for name, quantity in items],
        }

    return [
        row("10473829", "Ada Winter", "shipped", "DHL", 2, "12 Mill Lane, Bristol", ("kettle", 1)),
        row("20581637", "Ben Archer", "processing", "UPS", 6, "4 Station Road, Leeds", ("desk lamp", 2)),
        row("31692748", "Carla Stone", "out_for_delivery", "DHL", 0, "9 Harbour Street, Hull", ("rain coat", 1)),
        row("42703859", "Dev Patel", "delivered", "Royal Mail", -3, "77 Park Avenue, York", ("tea set", 1)),
        row("53814960", "Ella Moore", "shipped", "UPS", 3, "31 Castle Hill, Lincoln", ("bicycle pump", 1), ("bell", 1)),
        row("64925071", "Finn Gray", "processing", "DHL", 8, "2 Bridge Street, Chester", ("bookcase", 1)),
        row("75036182", "Grace Lund", "shipped", "Royal Mail", 1, "18 Church Road, Bath", ("tea towels", 4)),
        row("86147293", "Hugo Stein", "processing", "UPS", 5, "55 Queen Street, Oxford", ("chess board", 1)),
        row("97258304", "Iris Novak", "shipped", "DHL", 4, "6 Orchard Close, Exeter", ("garden hose", 1)),
        row("18369415", "Jon Baker", "cancelled", "UPS", 7, "40 High Street, Derby", ("toaster", 1)),
        row("29470526", "Kate Olsen", "processing", "Royal Mail", 9, "23 Forest Drive, Reading", ("wool blanket", 2)),
        row("30581647", "Liam Frost", "shipped", "DHL", 2, "81 Victoria Road, Cardiff", ("coffee grinder", 1)),
    ]
