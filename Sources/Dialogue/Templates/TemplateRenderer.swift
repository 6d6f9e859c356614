import Core
import Language

/// Fills texts: what is said to a caller as pieces, what is parsed again as plain text.
extension Scope {
  /// How values are put into words.
  struct Wording {
    /// Whether values get their spoken forms (voice) or stay as written (chat).
    let isSpoken: Bool
    /// The language.
    let locale: LocaleTag
  }

  /// The pieces of a text. Values of the caller stay behind their tokens.
  func pieces(of template: Template, wording: Wording, _ inquiry: inout Inquiry) -> [Sentence.Piece] {
    var found: [Sentence.Piece] = []
    append(template.pieces, wording, &inquiry, to: &found)
    return found
  }

  /// The text of a template without anybody's personal data: sensitive values count as nothing.
  func plainText(of template: Template, _ inquiry: inout Inquiry) -> String {
    var text = ""
    let wording = Wording(isSpoken: false, locale: .americanEnglish)
    for piece in pieces(of: template, wording: wording, &inquiry) {
      switch piece {
      case .words(let words): text += words
      case .value: inquiry.problems.append("a condition or name cannot be made from a caller's value")
      }
    }
    return text
  }

  private func append(
    _ pieces: [Template.Piece], _ wording: Wording, _ inquiry: inout Inquiry, to found: inout [Sentence.Piece]
  ) {
    for piece in pieces {
      switch piece {
      case .literal(let text): Self.append(words: text, to: &found)
      case .slot(let name):
        guard let state = slots[name] else {
          inquiry.gaps += 1
          if !wording.isSpoken { Self.append(words: "None", to: &found) }
          continue
        }
        append(.value(state.value, program.slots[name]?.grammar), wording, &inquiry, to: &found)
      case .expression(let expression):
        let gaps = inquiry.gaps
        defer { if expression.saysWhatElse { inquiry.gaps = gaps } }
        switch evaluate(expression, &inquiry) {
        case nil: inquiry.gaps += 1
        case .joined(let elements, let separator):
          for (index, element) in elements.enumerated() {
            if index > 0 { Self.append(words: separator, to: &found) }
            append(element, wording, &inquiry, to: &found)
          }
        case .plain(let value): append(value, wording, &inquiry, to: &found)
        }
      case .choice(let branches):
        let branch = branches.first { branch in branch.condition.map { isTrue($0, &inquiry) } ?? true }
        if let branch { append(branch.pieces, wording, &inquiry, to: &found) }
      }
    }
  }

  private func append(
    _ value: ContextValue, _ wording: Wording, _ inquiry: inout Inquiry, to found: inout [Sentence.Piece]
  ) {
    switch value {
    case .value(.sensitive(let sensitive), let grammar):
      if inquiry.isReadBack, !inquiry.canSay(sensitive, grammar) { inquiry.gaps += 1 }
      found.append(.value(sensitive, grammar))
    case .value(.list(let values), let grammar):
      append(.list(values.map { .value($0, grammar) }), wording, &inquiry, to: &found)
    case .value(let value, let grammar):
      let words = words(value, grammar, wording)
      if words.isBlank { inquiry.gaps += 1 }
      Self.append(words: words, to: &found)
    case .list(let values):
      if values.isEmpty { inquiry.gaps += 1 }
      for (index, value) in values.enumerated() {
        if index > 0 { Self.append(words: ", ", to: &found) }
        append(value, wording, &inquiry, to: &found)
      }
    case .map(let entries):
      append(.texts(entries.map(\.key)), wording, &inquiry, to: &found)
    }
  }

  private func words(_ value: SlotValue, _ grammar: SlotGrammar?, _ wording: Wording) -> String {
    guard wording.isSpoken else { return value.revealedText ?? "" }
    guard let grammar else {
      // Names of slots and the like: an underscore is never spoken.
      return String((value.revealedText ?? "").map { $0 == "_" ? " " : $0 })
    }
    return SpokenForm.text(for: value, grammar: grammar, locale: wording.locale)
  }

  private static func append(words: String, to found: inout [Sentence.Piece]) {
    guard !words.isEmpty else { return }
    if case .words(let before)? = found.last {
      found[found.count - 1] = .words(before + words)
    } else {
      found.append(.words(words))
    }
  }
}

extension TemplateExpression {
  /// Whether its author has written what stands there without a value.
  fileprivate var saysWhatElse: Bool {
    switch self {
    case .filter(let inner, let filter, _): filter == "default" || inner.saysWhatElse
    case .any, .conditional: true
    default: false
    }
  }
}
