import Core

extension Scope {
  /// Whether a condition holds. What cannot be decided does not hold and is noted in `inquiry.problems`.
  func holds(_ predicate: Predicate, _ inquiry: inout Inquiry) -> Bool {
    switch predicate {
    case .literal(let value): return value
    case .not(let inner): return !holds(inner, &inquiry)
    case .all(let parts):
      for part in parts where !holds(part, &inquiry) { return false }
      return true
    case .any(let parts):
      for part in parts where holds(part, &inquiry) { return true }
      return false
    case .compare(let left, let comparison, let right):
      return compare(resolve(left, &inquiry), comparison, resolve(right, &inquiry), &inquiry)
    case .contains(let left, let right):
      return contains(resolve(left, &inquiry), resolve(right, &inquiry), &inquiry)
    case .matches(let operand, let pattern):
      return matches(resolve(operand, &inquiry), pattern, &inquiry)
    case .truthy(.template(let template)):
      return holds(template, &inquiry)
    case .truthy(let operand):
      let resolved = resolve(operand, &inquiry)
      if let elements = resolved.elements { return !elements.isEmpty }
      return resolved.value.map(Comparing.isTruthy) ?? false
    }
  }

  private func holds(_ template: Template, _ inquiry: inout Inquiry) -> Bool {
    let text = plainText(of: template, &inquiry)
    do {
      let filled = try PredicateParser.parse(text).predicate
      // A value that is itself a template would be filled again and again.
      guard !filled.asksTemplate else {
        inquiry.problems.append("a condition made from a template holds a template")
        return false
      }
      return holds(filled, &inquiry)
    } catch {
      inquiry.problems.append("a condition made from a template cannot be read: \(error.message)")
      return false
    }
  }

  private func compare(
    _ left: ResolvedOperand, _ comparison: Comparison, _ right: ResolvedOperand, _ inquiry: inout Inquiry
  ) -> Bool {
    let ignoringCase = left.isCategorical || right.isCategorical
    guard let leftValue = left.value, let rightValue = right.value else {
      let same = (left.value == nil || left.isEmpty) && (right.value == nil || right.isEmpty)
      switch comparison {
      case .equal: return same
      case .notEqual: return !same
      default: return false
      }
    }
    if inquiry.isStrict, comparison.isOrder { return order(left, leftValue, comparison, rightValue, &inquiry) }
    let question = {
      FactQuestion(
        leftValue, named: left.name, comparison.rawValue, rightValue, ignoringCase: ignoringCase,
        formerly: "\(left.name) \(comparison.rawValue) \(PredicateText.literal(rightValue))")
    }
    return ask(leftValue, rightValue, question, &inquiry) {
      Comparing.holds($0, comparison, $1, ignoringCase: ignoringCase)
    }
  }

  /// An order that must be sure: what has none is told, so that the condition counts as not decided.
  private func order(
    _ left: ResolvedOperand, _ value: SlotValue, _ comparison: Comparison, _ other: SlotValue, _ inquiry: inout Inquiry
  ) -> Bool {
    func ask(_ operation: String, _ inquiry: inout Inquiry, _ answer: (Bool?) -> Bool) -> Bool {
      let question = { FactQuestion(value, named: left.name, operation, other, ignoringCase: false) }
      return self.ask(value, other, question, &inquiry) { answer(Comparing.strictly($0, comparison, $1)) }
    }
    guard ask("has an order with", &inquiry, { $0 != nil }) else {
      inquiry.problems.append("\(left.name) has no order that a safeguard can rest on")
      return false
    }
    return ask("\(comparison.rawValue) strictly", &inquiry) { $0 ?? false }
  }

  private func contains(_ left: ResolvedOperand, _ right: ResolvedOperand, _ inquiry: inout Inquiry) -> Bool {
    guard let rightValue = right.value else { return false }
    let ignoringCase = left.isCategorical || right.isCategorical
    if let elements = left.elements {
      for element in elements {
        let question = {
          FactQuestion(
            element, named: FactQuestion.literal(element), "=", rightValue, ignoringCase: ignoringCase,
            formerly: "\(PredicateText.literal(element)) = \(right.name)")
        }
        let found = ask(element, rightValue, question, &inquiry) {
          Comparing.areEqual($0, $1, ignoringCase: ignoringCase)
        }
        if found { return true }
      }
      return false
    }
    guard let leftValue = left.value else { return false }
    let question = {
      FactQuestion(
        leftValue, named: left.name, "contains", rightValue, ignoringCase: false,
        formerly: "\(left.name) contains \(PredicateText.literal(rightValue))")
    }
    return ask(leftValue, rightValue, question, &inquiry) {
      guard let text = $0.revealedText, let part = $1.revealedText else { return false }
      return part.isEmpty || Self.text(text, contains: part)
    }
  }

  /// Without Foundation: whether one text lies in another, by characters.
  static func text(_ text: String, contains part: String) -> Bool {
    var rest = Substring(text)
    while !rest.isEmpty {
      if rest.hasPrefix(part) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  private func matches(_ operand: ResolvedOperand, _ pattern: String, _ inquiry: inout Inquiry) -> Bool {
    guard let value = operand.value else { return false }
    let expressions = program.expressions
    var isPattern = true
    let found = ask(value, nil, { FactQuestion(named: operand.name, matches: pattern) }, &inquiry) { value, _ in
      let result = value.revealedText.flatMap { expressions.find(pattern, in: $0) }
      isPattern = result != nil
      return result ?? false
    }
    if !isPattern { inquiry.problems.append("'\(pattern)' is no regular expression") }
    return found
  }

  /// Answers a question about one or two values: clear ones at once, sensitive ones through the fact book, which notes it.
  private func ask(
    _ left: SlotValue, _ right: SlotValue?, _ question: () -> FactQuestion, _ inquiry: inout Inquiry,
    answer: (SlotValue, SlotValue) -> Bool
  ) -> Bool {
    let other = right ?? .bool(true)
    let subject: Sensitive<String>
    var rest = other
    var subjectIsRight = false
    if case .sensitive(let value) = left {
      subject = value
    } else if case .sensitive(let value)? = right {
      subject = value
      rest = left
      subjectIsRight = true
    } else {
      return answer(left, other)
    }
    if case .sensitive(let second) = rest {
      // Two values of the caller: the answer needs both in clear, or the fact.
      rest = .text(second.revealed ?? "")
      if second.revealed == nil {
        let unknown = Sensitive<String>(token: subject.token, value: nil)
        let asked = question()
        return truth(inquiry.facts.ask(unknown, asked.text, formerly: asked.formerly) { _ in .truth(false) }, &inquiry)
      }
    }
    let clear = rest
    let asked = question()
    return truth(
      inquiry.facts.ask(subject, asked.text, formerly: asked.formerly) { text in
        .truth(subjectIsRight ? answer(clear, .text(text)) : answer(.text(text), clear))
      }, &inquiry)
  }

  private func truth(_ answer: FactAnswer?, _ inquiry: inout Inquiry) -> Bool {
    switch answer {
    case .truth(let value): return value
    case .number(let value): return value != 0
    case nil:
      inquiry.problems.append("a question about an erased value has no recorded answer")
      return false
    }
  }
}

extension Predicate {
  /// Whether a text has to be filled to know what the condition is.
  fileprivate var asksTemplate: Bool {
    switch self {
    case .truthy(.template): true
    case .not(let inner): inner.asksTemplate
    case .all(let parts), .any(let parts): parts.contains(where: \.asksTemplate)
    case .literal, .compare, .contains, .matches, .truthy: false
    }
  }
}

/// An operand's value at this moment.
struct ResolvedOperand {
  var value: SlotValue?
  /// As questions name it.
  var name: String { nameMaker.map(PredicateText.text) ?? "value" }
  var nameMaker: Operand?
  /// Whether upper and lower case are the same for it.
  var isCategorical = false
  /// The elements of a list or set.
  var elements: [SlotValue]? {
    if case .list(let values)? = value { return values }
    return nil
  }
  var isEmpty: Bool {
    switch value {
    case .text(let text): text.isEmpty
    case .list(let values): values.isEmpty
    default: false
    }
  }
}

extension Scope {
  /// What an operand holds now.
  func resolve(_ operand: Operand, _ inquiry: inout Inquiry) -> ResolvedOperand {
    switch operand {
    case .slot(let name):
      return ResolvedOperand(
        value: slots[name]?.value, nameMaker: operand, isCategorical: program.slots[name]?.isCategorical ?? false)
    case .context(let path):
      var found = context(path)
      if found == nil, path.utf8.contains(UInt8(ascii: ".")) {
        found = context(path: path.split(separator: ".").map(String.init))
      }
      return ResolvedOperand(value: found?.slotValue, nameMaker: operand)
    case .provenance(let name, let property):
      guard let state = slots[name] else { return ResolvedOperand(value: nil, nameMaker: operand) }
      switch property {
      case .confidence:
        return ResolvedOperand(value: .number(Double(state.confidence.permille) / 1000), nameMaker: operand)
      case .source: return ResolvedOperand(value: .text(state.source.rawValue), nameMaker: operand)
      }
    case .literal(let value): return ResolvedOperand(value: value, nameMaker: operand)
    case .set(let values): return ResolvedOperand(value: .list(values), nameMaker: operand)
    case .template(let template):
      if let slot = indirectSlot(template) { return resolve(.slot(slot), &inquiry) }
      let text = plainText(of: template, &inquiry)
      do {
        let filled = try PredicateParser.operand(text)
        guard case .template = filled else { return resolve(filled, &inquiry) }
        return ResolvedOperand(value: nil, nameMaker: operand)
      } catch {
        inquiry.problems.append("a value made from a template cannot be read: \(error.message)")
        return ResolvedOperand(value: nil, nameMaker: operand)
      }
    }
  }

  /// The slot that `slots.{{context.key}}` names, without going through text.
  private func indirectSlot(_ template: Template) -> SlotName? {
    guard template.pieces.count == 2, case .literal("slots.") = template.pieces[0],
      case .expression(.path(let path)) = template.pieces[1], path.count == 2, path[0] == "context",
      case .value(.text(let name), _)? = context(path[1])
    else { return nil }
    return SlotName(name)
  }
}
