/// An expression as a tree.
indirect enum PatternNode {
  case empty
  case one(PatternMember)
  case assertion(PatternAssertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// At least and at most so often; nil for no end.
  case repeated(PatternNode, Int, Int?)
}

/// A condition on a place between two characters.
enum PatternAssertion {
  case start, end, wordEdge, noWordEdge
}

/// What one character may be.
struct PatternMember {
  var kinds: [Kind]
  var isNegated = false
  var ignoresCase = false

  enum Kind {
    case character(Character)
    case range(ClosedRange<Unicode.Scalar>)
    /// Anything but the end of a line.
    case any
    case digit(Bool)
    case word(Bool)
    case space(Bool)
  }

  func contains(_ character: Character) -> Bool {
    if isOneOf(character) { return !isNegated }
    guard ignoresCase else { return isNegated }
    let others = [character.lowercased(), character.uppercased()]
    return others.contains { $0.count == 1 && $0.first.map(isOneOf) == true } != isNegated
  }

  private func isOneOf(_ character: Character) -> Bool {
    for kind in kinds {
      switch kind {
      case .character(let wanted): if character == wanted { return true }
      case .range(let range):
        let scalars = character.unicodeScalars
        if let scalar = scalars.first, scalars.count == 1, range.contains(scalar) { return true }
      case .any: if !character.isNewline { return true }
      case .digit(let wanted): if Self.isDigit(character) == wanted { return true }
      case .word(let wanted): if Self.isWord(character) == wanted { return true }
      case .space(let wanted): if character.isWhitespace == wanted { return true }
      }
    }
    return false
  }

  /// Whether a character is a decimal digit of any script.
  static func isDigit(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first else { return false }
    // To look a property up takes longer than all the rest of a match.
    return scalar.isASCII ? scalar >= "0" && scalar <= "9" : scalar.properties.generalCategory == .decimalNumber
  }

  static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
