/// Takes accents off: the part of canonical decomposition (NFD) that Latin, Greek and Cyrillic need. Hangul stays composed.
enum Decomposition {
  /// The scalars of a text; letters with marks as their base alone, marks that stand apart as they are.
  static func scalars(of text: String) -> [Unicode.Scalar] {
    if text.utf8.allSatisfy({ $0 < 128 }) { return Array(text.unicodeScalars) }
    return text.flatMap { character -> [Unicode.Scalar] in
      if let base = bases[character] { return [base] }
      return Array(character.unicodeScalars)
    }
  }

  /// Characters compare by canonical equivalence, so a base with its marks finds the composed letter too.
  private static let bases: [Character: Unicode.Scalar] = {
    let marks = [
      0x300...0x30C, 0x30F...0x30F, 0x311...0x314, 0x31B...0x31B, 0x323...0x328, 0x32D...0x331, 0x345...0x345,
    ]
    .flatMap { $0 }.compactMap { Unicode.Scalar($0) }
    let first = [0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x31B, 0x323].compactMap { Unicode.Scalar($0) }
    let letters = [0x61...0x7A, 0x3B1...0x3C9, 0x430...0x44F].flatMap { $0 }.compactMap { Unicode.Scalar($0) }
    var table: [Character: Unicode.Scalar] = [:]
    func add(_ base: Unicode.Scalar, _ marks: [Unicode.Scalar]) {
      var text = String(base)
      text.unicodeScalars.append(contentsOf: marks)
      if text.count == 1, let character = text.first { table[character] = base }
    }
    for letter in letters {
      for mark in marks {
        add(letter, [mark])
        if letter.isASCII { for before in first { add(letter, [before, mark]) } }
      }
    }
    return table
  }()
}
