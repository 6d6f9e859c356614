"""Six customers who do not exist. Days count from the day given, so that the data never grows old."""

import datetime


def customers(today: datetime.date) -> list[dict]:
    def customer(number, name, passcode, phone, checking, savings, cards, payments):
        return {
            "number": number,
            "name": name,
            "passcode": passcode,
            "phone": phone,
            "checking": checking,
            "savings": savings,
            "cards": cards,
            "payments": [
                (merchant, cents, (today - datetime.timedelta(days=days)).isoformat())
                for merchant, cents, days in payments
            ],
        }

    return [
        customer(
            "40117263", "Ada Winter", "482913", "2025550121", 235_040, 1_200_000,
            {"debit": "4417", "credit": "9082"},
            [("Northwind Electronics", 8_999, 4), ("Corner Bakery", 450, 2), ("Corner Bakery", 450, 9),
             ("Blue Line Trains", 3_650, 12), ("Harbor Hotel", 21_500, 200)],
        ),
        customer(
            "40228374", "Ben Archer", "730255", "2025550144", 61_215, 0,
            {"debit": "1290"},
            [("Green Grocer", 5_420, 1), ("City Gym", 3_500, 20)],
        ),
        customer(
            "40339485", "Carla Stone", "619004", "2025550163", 1_850_000, 4_000_000,
            {"debit": "5521", "credit": "3377"},
            [("Atlas Travel", 149_900, 6), ("Paper and Ink", 2_380, 3)],
        ),
        customer(
            "40440596", "Dev Patel", "205817", "2025550188", 90_300, 15_000,
            {"debit": "8034", "credit": "6145"},
            [("Garden World", 7_725, 5)],
        ),
        customer(
            "40551607", "Ella Moore", "957341", "2025550109", 412_000, 88_050,
            {"debit": "2706"},
            [("Book Barn", 1_999, 8)],
        ),
        customer("40662718", "Marsh Properties", "318460", "2025550177", 2_904_400, 0, {}, []),
    ]
