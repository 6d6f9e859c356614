/// Who a caller is, as a tool's answer tells it.
extension ToolDefinition {
  /// The person that an outcome of this tool names; nil when it names nobody.
  ///
  /// Blanks around the value do not count: a person types it the same way when data are to be erased or handed out.
  ///
  /// - Parameter pseudonym: makes what stands for the person in journals of the value; the vault's, or a rehearsal's stand-in.
  public func person(in outcome: ToolOutcome, _ pseudonym: (_ value: String) -> PersonID) -> PersonID? {
    guard let identifies, case .completed(let values) = outcome, let text = values[identifies]?.revealedText
    else { return nil }
    let value = Self.identifying(text)
    return value.isEmpty ? nil : pseudonym(value)
  }

  /// A value by which somebody is known, without the blanks around it.
  public static func identifying(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    let rest = text.drop(while: isBlank)
    return String(rest.prefix(rest.count - rest.reversed().prefix(while: isBlank).count))
  }
}
