/// A part of a token's id: a value of the vault's own, or text that is nobody's.
///
/// What is keyed becomes a value in another form, such as a date of four keys: `=2030-+a+b+=-+c+d`. The literal parts stand in
/// the token, so that the vault can reveal the whole from its parts.
public enum TokenPart: Hashable, Sendable {
  /// The id of a value in the vault.
  case value(String)
  /// Text as it stands.
  case literal(String)

  /// Marks literal text in an id; no id of the vault begins with it.
  fileprivate static let mark: Character = "="
}

extension SensitiveToken {
  /// What the value is joined from, in order: one part when it is not joined.
  public var parts: [TokenPart] {
    id.split(separator: "+", omittingEmptySubsequences: false).map { part in
      part.first == TokenPart.mark ? .literal(String(part.dropFirst())) : .value(String(part))
    }
  }
}

extension Sensitive where Value == String {
  /// Text that is nobody's, to be joined with values. It holds no `+` and no quotes.
  public static func literal(_ text: String, label: DataLabel) -> Sensitive<String> {
    Sensitive(token: SensitiveToken(label: label, id: "\(TokenPart.mark)\(text)"), value: text)
  }

  /// The values that an entry of keys was joined from, one key each. Without a value, keys without values.
  public var keys: [Sensitive<String>] {
    let ids = token.id.split(separator: "+", omittingEmptySubsequences: false)
    let values = revealed.map { $0.map(String.init) } ?? []
    return ids.enumerated().map { index, id in
      Sensitive(
        token: SensitiveToken(label: token.label, id: String(id)),
        value: values.count == ids.count ? values[index] : nil)
    }
  }
}
