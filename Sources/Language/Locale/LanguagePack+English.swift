import Core

extension NumberWords {
  static let english = NumberWords(
    digits: [
      "zero": 0, "oh": 0, "o": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
      "seven": 7, "eight": 8, "nine": 9, "niner": 9,
    ],
    soundAlikes: ["to": 2, "too": 2, "for": 4, "fore": 4, "ate": 8, "won": 1, "sex": 6, "tree": 3],
    teens: [
      "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
      "seventeen": 17, "eighteen": 18, "nineteen": 19,
    ],
    tens: [
      "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
      "ninety": 90,
    ],
    hundred: ["hundred"],
    scales: ["dozen": 12, "thousand": 1000, "grand": 1000, "million": 1_000_000],
    scaleLetters: ["k": 1000],
    multipliers: ["double": 2, "triple": 3],
    ordinals: [
      "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
      "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
      "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ],
    ordinalEndings: ["st", "nd", "rd", "th"],
    joiner: "and", point: "point", minus: ["minus", "negative"], article: ["a", "an"], half: "half",
    runFillers: PhraseSet([
      "and", "then", "uh", "um", "er", "hmm", "dash", "hyphen", "space", "comma", "followed by", "next", "let me see",
      "let's see", "and then", "uhm", "ah",
    ]),
    ends: ["last": true, "final": true, "first": false],
    runLeads: PhraseSet([
      "digits", "numbers", "figures", "ones", "are", "is", "were", "should be", "must be", "should have been",
    ]),
    pronounBefore: ["the", "this", "that", "other", "another", "which", "every", "no", "last", "first", "new"],
    majorUnits: [
      "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP",
      "pounds": "GBP", "quid": "GBP", "usd": "USD", "eur": "EUR", "gbp": "GBP", "franc": "CHF", "francs": "CHF",
      "chf": "CHF", "yen": "JPY", "yuan": "CNY", "rupee": "INR", "rupees": "INR", "peso": "MXN", "pesos": "MXN",
      "ruble": "RUB", "rubles": "RUB", "zloty": "PLN", "krone": "NOK", "krona": "SEK", "kroner": "NOK",
      "kronor": "SEK", "crowns": "SEK", "lira": "TRY", "shekels": "ILS", "bitcoin": "XBT", "bitcoins": "XBT",
      "cad": "CAD", "cdn": "CAD", "aud": "AUD", "nzd": "NZD", "hkd": "HKD", "sgd": "SGD", "jpy": "JPY", "cny": "CNY",
      "inr": "INR", "mxn": "MXN", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF",
      "zar": "ZAR", "brl": "BRL", "btc": "XBT", "baht": "THB", "dinar": "JOD", "dinars": "JOD", "dirham": "AED",
      "dirhams": "AED", "rand": "ZAR", "ringgit": "MYR", "rupiah": "IDR", "naira": "NGN", "forint": "HUF",
      "forints": "HUF", "riyal": "SAR", "riyals": "SAR", "shekel": "ILS",
    ],
    unitOrigins: Phrasebook([
      "us": "USD", "u s": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD", "new zealand": "NZD",
      "hong kong": "HKD", "singapore": "SGD", "jamaican": "JMD", "taiwan": "TWD", "british": "GBP", "swiss": "CHF",
      "egyptian": "EGP", "mexican": "MXN", "indian": "INR", "chinese": "CNY", "sterling": "GBP",
    ]),
    minorUnits: ["cent", "cents", "penny", "pennies", "pence"], minorUnitOwners: ["pence": "GBP"],
    behindAmounts: ["thanks", "perhaps", "always", "across", "towards", "yours", "unless", "besides", "sometimes"],
    currencySigns: ["$": "USD", "€": "EUR", "£": "GBP"])
}

extension CalendarWords {
  static let english = CalendarWords(
    months: [
      "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6,
      "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10,
      "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
    ],
    weekdays: [
      "monday": .monday, "mondays": .monday, "tuesday": .tuesday, "wednesday": .wednesday, "thursday": .thursday,
      "friday": .friday, "saturday": .saturday, "sunday": .sunday, "mon": .monday, "tue": .tuesday, "tues": .tuesday,
      "wed": .wednesday, "thu": .thursday, "thurs": .thursday, "fri": .friday,
    ],
    relativeDays: Phrasebook([
      "today": 0, "tonight": 0, "this evening": 0, "this afternoon": 0, "this morning": 0, "tomorrow": 1,
      "yesterday": -1, "day after tomorrow": 2, "the day after tomorrow": 2, "day before yesterday": -2,
      "the day before yesterday": -2, "a week from today": 7, "a week today": 7, "a week tomorrow": 8,
      "a week from tomorrow": 8,
    ]),
    otherDays: PhraseSet([
      "the day after", "day after", "the day after that", "one day after", "a day after", "a day later",
      "one day later",
      "the next day", "next day", "the following day", "following day", "the day before", "day before",
      "the day before that", "the previous day", "a day earlier", "one day earlier", "a week later", "one week later",
      "the week after", "the week after that", "the following week", "the day afterwards", "the morning after",
      "the next morning", "the day behind", "two days later", "a few days later", "some days later",
    ]),
    dayUnits: ["day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "month": 0, "months": 0],
    unitsBehind: ["week": 7, "fortnight": 14],
    nextWords: ["next"], thisWords: ["this", "coming"], lastWords: ["last", "past"], inWords: ["in"],
    agoWords: ["ago"], fromWords: ["from"], nowWords: ["now", "today"], articles: ["the"], ofWords: ["of"],
    namedTimes: Phrasebook(["noon": 720, "midday": 720, "midnight": 0, "lunch time": 720, "lunchtime": 720]),
    clockWords: ["o'clock", "oclock"],
    partsOfDay: Phrasebook([
      "in the morning": .morning, "morning": .morning, "in the afternoon": .afternoon, "afternoon": .afternoon,
      "in the evening": .evening, "evening": .evening, "tonight": .evening, "at night": .night, "night": .night,
      "in the night": .night,
    ]),
    anteMeridiem: Phrasebook(["am": true, "a m": true, "pm": false, "p m": false]),
    pastWords: ["past", "after"], toWords: ["to", "till", "before", "of"], quarter: "quarter",
    minuteWords: ["minute", "minutes"], hourWords: ["hour", "hours"],
    atWords: ["at", "around", "about", "by", "like", "say"],
    refusals: PhraseSet([
      "can't", "cannot", "can not", "couldn't", "won't", "don't want", "doesn't work", "except", "anything but",
      "not on", "not at", "instead of", "rather than", "not home", "am not", "isn't", "not", "moved from",
      "any day but", "every day but", "all days but", "any time but", "anytime but", "any other day than",
      "any day other than", "other than", "all but", "everything but", "any day except", "any day besides", "excluding",
      "apart from", "aside from", "never on", "never",
    ]),
    refusalsBehind: PhraseSet([
      "doesn't work", "does not work", "won't work", "will not work", "wouldn't work", "isn't good", "is not good",
      "is no good", "isn't possible", "is not possible", "is impossible", "is bad", "isn't an option",
      "is not an option", "is out", "won't do", "will not do", "doesn't suit", "does not suit", "is too late",
      "is too early", "is too soon", "i can't", "i cannot", "i can not", "i'm busy", "i am busy", "i'm away",
      "i am away", "i'm out", "i'm not home", "i am not home", "i'm not at home", "i am not at home",
    ]),
    rankedThings: [
      "part", "thing", "things", "bit", "half", "quarter", "time", "times", "order", "question", "option", "number",
      "name", "address", "digit", "digits", "letter", "word", "sentence", "answer", "line", "step", "point", "item",
      "account", "card", "payment", "transfer", "appointment", "visit", "delivery", "package", "parcel", "box",
      "person", "call", "caller", "try", "attempt", "choice", "offer", "place", "floor", "row", "street", "avenue",
      "class", "week", "month", "year", "day", "dose", "shot", "two", "three", "few", "code",
    ])
}

extension SpellingWords {
  static let english = SpellingWords(
    letterNames: [
      "ay": "a", "bee": "b", "cee": "c", "see": "c", "sea": "c", "dee": "d", "ee": "e", "ef": "f", "eff": "f",
      "gee": "g", "aitch": "h", "eye": "i", "jay": "j", "kay": "k", "el": "l", "ell": "l", "em": "m", "en": "n",
      "pee": "p", "queue": "q", "cue": "q", "are": "r", "ess": "s", "es": "s", "tee": "t", "tea": "t", "you": "u",
      "vee": "v", "ex": "x", "why": "y", "zee": "z", "zed": "z",
    ],
    alphabet: [
      "alpha": "a", "alfa": "a", "bravo": "b", "charlie": "c", "delta": "d", "echo": "e", "foxtrot": "f", "golf": "g",
      "hotel": "h", "india": "i", "juliet": "j", "juliett": "j", "kilo": "k", "lima": "l", "mike": "m",
      "november": "n", "oscar": "o", "papa": "p", "quebec": "q", "romeo": "r", "sierra": "s", "tango": "t",
      "uniform": "u", "victor": "v", "whiskey": "w", "whisky": "w", "xray": "x", "yankee": "y", "zulu": "z",
    ],
    asIn: PhraseSet(["as in", "for", "like", "like in", "as"]),
    signs: Phrasebook([
      "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+", "period": ".", "dot": ".",
      "point": ".",
    ]),
    atSign: ["at"], dot: ["dot", "point", "period"],
    caseWords: PhraseSet([
      "capital", "uppercase", "upper case", "lowercase", "lower case", "all lowercase", "all lower case",
      "small", "all one word", "one word", "the letter", "letter", "the number",
    ]),
    carriers: [
      "email", "mail", "address", "is", "it's", "its", "that's", "use", "my", "the", "um", "uh", "yes", "sure", "yeah",
      "okay", "to", "me",
    ],
    domains: ["com", "org", "net", "edu", "gov", "de", "io", "us"])
}

extension SpeechWords {
  static let english = SpeechWords(
    units: [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
      "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ],
    tens: ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    hundred: "hundred", scaleNames: ["thousand", "million", "billion"],
    ordinalUnits: [
      "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
      "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
      "nineteenth",
    ],
    ordinalTens: [
      "", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth",
    ],
    months: [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
    weekdays: [
      .monday: "Monday", .tuesday: "Tuesday", .wednesday: "Wednesday", .thursday: "Thursday", .friday: "Friday",
      .saturday: "Saturday", .sunday: "Sunday",
    ],
    yes: "yes", no: "no", and: "and", or: "or", plus: "plus", upTo: "to", oh: "oh", oClock: "o'clock",
    noon: "noon", midnight: "midnight", point: "point", minus: "minus", percent: "percent",
    currencies: [
      "USD": CurrencyWords(
        major: UnitWords(one: "dollar", many: "dollars"), minor: UnitWords(one: "cent", many: "cents")),
      "EUR": CurrencyWords(
        major: UnitWords(one: "euro", many: "euros"), minor: UnitWords(one: "cent", many: "cents")),
      "GBP": CurrencyWords(
        major: UnitWords(one: "pound", many: "pounds"), minor: UnitWords(one: "penny", many: "pence")),
    ],
    abbreviations: [
      "mr.": "mister", "mrs.": "missus", "ms.": "miz", "dr.": "doctor", "prof.": "professor", "st.": "street",
      "ave.": "avenue", "rd.": "road", "blvd.": "boulevard", "apt.": "apartment", "no.": "number", "nr.": "number",
      "e.g.": "for example", "i.e.": "that is", "etc.": "and so on", "vs.": "versus", "approx.": "approximately",
      "inc.": "incorporated", "ltd.": "limited", "co.": "company", "dept.": "department", "jr.": "junior",
      "sr.": "senior", "tel.": "telephone", "ext.": "extension", "min.": "minimum", "max.": "maximum",
      "a.m.": "a m", "p.m.": "p m", "am": "am", "w/": "with", "w/o": "without", "asap": "as soon as possible",
      "mon.": "Monday", "tue.": "Tuesday", "wed.": "Wednesday", "thu.": "Thursday", "fri.": "Friday",
      "jan.": "January", "feb.": "February", "aug.": "August", "sept.": "September", "oct.": "October",
      "nov.": "November", "dec.": "December",
    ],
    measures: [
      "km": UnitWords(one: "kilometer", many: "kilometers"), "m": UnitWords(one: "meter", many: "meters"),
      "cm": UnitWords(one: "centimeter", many: "centimeters"), "mm": UnitWords(one: "millimeter", many: "millimeters"),
      "kg": UnitWords(one: "kilogram", many: "kilograms"), "g": UnitWords(one: "gram", many: "grams"),
      "mg": UnitWords(one: "milligram", many: "milligrams"), "lb": UnitWords(one: "pound", many: "pounds"),
      "lbs": UnitWords(one: "pound", many: "pounds"), "oz": UnitWords(one: "ounce", many: "ounces"),
      "ft": UnitWords(one: "foot", many: "feet"), "in": UnitWords(one: "inch", many: "inches"),
      "mi": UnitWords(one: "mile", many: "miles"), "mph": UnitWords(one: "mile per hour", many: "miles per hour"),
      "km/h": UnitWords(one: "kilometer per hour", many: "kilometers per hour"),
      "hr": UnitWords(one: "hour", many: "hours"), "hrs": UnitWords(one: "hour", many: "hours"),
      "min": UnitWords(one: "minute", many: "minutes"), "mins": UnitWords(one: "minute", many: "minutes"),
      "sec": UnitWords(one: "second", many: "seconds"), "l": UnitWords(one: "liter", many: "liters"),
      "ml": UnitWords(one: "milliliter", many: "milliliters"), "gb": UnitWords(one: "gigabyte", many: "gigabytes"),
      "mb": UnitWords(one: "megabyte", many: "megabytes"),
      "kwh": UnitWords(one: "kilowatt hour", many: "kilowatt hours"),
      "°c": UnitWords(one: "degree Celsius", many: "degrees Celsius"),
      "°f": UnitWords(one: "degree Fahrenheit", many: "degrees Fahrenheit"),
      "°": UnitWords(one: "degree", many: "degrees"),
    ],
    signs: ["&": "and", "@": "at", "+": "plus", "=": "equals", "#": "number", "%": "percent", "/": "slash"],
    beforeYears: [
      "in", "since", "of", "year", "by", "until", "from", "to", "before", "after", "through", "during", "and", "early",
      "late", "spring", "summer", "fall", "winter",
    ],
    noSentenceEnd: [
      "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "ave.", "no.", "e.g.", "i.e.", "vs.", "approx.", "apt.", "jr.",
      "sr.", "tel.", "ext.", "inc.", "co.", "dept.", "rd.", "blvd.",
    ])
}
