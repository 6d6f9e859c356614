/// Words of addresses.
package struct AddressWords: Hashable, Sendable {
  /// What streets are called: "lane".
  var streets: Set<String>
  /// "flat": a number or letter follows that is not the house's.
  var units: Set<String>
  /// What an address that is not said is called by: words that only point to one, "the same as before".
  var references: Set<String>
  /// What an address consists of: "house number", "the city".
  var partNames: PhraseSet
  /// Those that are the town.
  var towns: Set<String>
  /// Words behind an address that are no part of it: another wish, or what the address is for.
  var ends: PhraseSet
  /// Words at the end that say nothing about where it is: "instead".
  var tails: PhraseSet
  /// "From": the address that is given up follows.
  var origins: Set<String>
  /// "To": the new one follows.
  var targets: Set<String>
  /// Words between the name of a part and what it is.
  var links: PhraseSet
  /// What the street is called where it is named: "the street is ...".
  var streetNames: Set<String>
  /// Words in front of the name of a part.
  var partOpenings: Set<String>
  /// Words of taking back that say nothing about what is right.
  var talk: Set<String>
}

extension AddressWords {
  static let english = AddressWords(
    streets: [
      "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "dr", "way", "court", "ct", "place", "pl",
      "square", "sq", "terrace", "close", "boulevard", "blvd", "crescent", "park", "gardens", "grove", "mews",
      "highway", "hwy", "parkway", "row", "walk", "hill", "acre", "circle", "trail", "alley", "quay", "wharf",
      "embankment", "parade", "plaza", "turnpike", "crossing",
    ],
    units: ["flat", "apartment", "apt", "unit", "suite", "room"],
    references: [
      "the", "a", "an", "my", "your", "our", "his", "her", "their", "same", "as", "before", "address", "addresses",
      "new", "old", "one", "ones", "other", "another", "different", "it", "that", "this", "those", "which", "where",
      "home", "house", "there", "here", "place", "usual", "current", "last", "first", "previous", "delivery",
      "shipping", "billing", "on", "file", "record", "you", "have", "has", "i", "we", "gave", "given", "said", "told",
      "me", "us", "already", "live", "lives", "is", "are", "to", "at", "of", "in", "was", "always", "had", "again",
      "still", "normal", "regular", "correct", "right", "wrong", "street", "city", "town", "number", "office", "work",
      "workplace", "and", "just", "like", "time", "use", "please", "with", "for", "should", "be", "flat", "apartment",
      "what", "whatever", "somewhere", "else", "order", "yes", "no", "not", "make", "it's", "that's", "neighbor's",
      "neighbour's", "neighbor", "neighbour",
    ],
    partNames: PhraseSet([
      "house number", "street number", "door number", "number", "house", "door", "street name", "street", "road",
      "city", "town", "flat", "flat number", "apartment", "apartment number", "unit", "zip", "zip code", "postcode",
      "post code", "postal code",
    ]),
    towns: ["city", "town"],
    ends: PhraseSet([
      "and also", "and please", "and tell", "and can", "and could", "and would", "and will", "and i", "and i'd",
      "and i'm", "and i've", "and when", "and what", "and where", "and how", "and then", "and it", "and it's",
      "and that", "and that's", "and let", "and do", "and is", "and if", "and the order", "and my order", "and order",
      "and the number", "and my number", "and the date", "and the day", "and check", "and know", "and move",
      "and change", "and send", "and give", "and find", "and look", "and ask", "and cancel", "and open", "and book",
      "and call", "and ring", "and text", "and email", "and mail", "and phone", "and leave", "and make", "and don't",
      "and do not", "and we", "and you", "and there", "and not", "and use", "and put", "and keep", "and remind",
      "as well as", "also please", "also tell", "also can", "also could", "also i", "also know", "also when",
      "also what", "also where", "plus i", "plus tell", "for order", "for my order", "for the order", "for my parcel",
      "for my package", "for the parcel", "for the package", "but i", "but can", "because", "so that", "thanks and",
      "please and", "instead of",
    ]),
    tails: PhraseSet([
      "instead", "instead please", "from now on", "this time", "if possible", "if you can", "now", "then",
      "if that's ok", "if that's okay", "if that is ok", "if that is okay", "if it's ok", "if it's okay",
      "if that's all right", "if that's alright", "if that's fine", "if that's possible", "if that is possible",
      "if it's possible", "if it is possible", "if that works", "if you could", "if you would", "if you don't mind",
      "if i may", "if that's ok with you", "if that's okay with you", "if that's all right with you", "and thanks",
      "and thank you", "thank you so much", "thanks so much", "thanks a lot", "many thanks", "cheers",
      "as soon as possible",
      "that's all", "that is all", "and that's all", "and that's it", "i think", "i guess", "you know", "okay", "ok",
    ]),
    origins: ["from"], targets: ["to"],
    links: PhraseSet(["is", "was", "should be", "must be", "should have been", "would be", "will be", "name is"]),
    streetNames: ["street", "road"],
    partOpenings: ["the", "my", "with", "at", "it's", "wrong", "another", "different"],
    talk: ["no", "but", "not", "with", "should", "wrong", "sorry", "actually", "instead", "rather", "correct"])
}
