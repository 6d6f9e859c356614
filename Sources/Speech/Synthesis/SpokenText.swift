/// Makes a text fit for flite, which reads ASCII.
enum SpokenText {
  /// Typographic marks become plain ones, accents are dropped, what cannot be read becomes a space.
  static func ascii(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        plain.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
      } else if let replacement = replacements[scalar] {
        plain += replacement
      } else {
        plain += " "
      }
    }
    return plain
  }

  private static let replacements: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [
      "\u{2018}": "'", "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{2013}": ", ", "\u{2014}": ", ",
      "\u{2026}": "...", "\u{20AC}": " euros ", "\u{A3}": " pounds ", "\u{B0}": " degrees ", "\u{DF}": "ss",
      "\u{E6}": "ae", "\u{F8}": "o", "\u{153}": "oe", "\u{C6}": "Ae", "\u{D8}": "O", "\u{131}": "i", "\u{142}": "l",
      "\u{141}": "L",
    ]
    let letters: [(String, String)] = [
      ("a", "àáâãäåāăą"), ("c", "çćč"), ("d", "ďđ"), ("e", "èéêëēėęě"), ("g", "ğģ"), ("i", "ìíîïīį"), ("n", "ñńň"),
      ("o", "òóôõöōő"), ("r", "řŕ"), ("s", "śšşș"), ("t", "ťţț"), ("u", "ùúûüūůű"), ("y", "ýÿ"), ("z", "źżž"),
    ]
    for (plain, accented) in letters {
      for scalar in accented.unicodeScalars {
        table[scalar] = plain
        for upper in String(scalar).uppercased().unicodeScalars { table[upper] = plain.uppercased() }
      }
    }
    return table
  }()
}
