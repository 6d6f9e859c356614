import Core

/// What a condition comes to when not every value is known.
enum Truth: Hashable, Sendable {
  case yes, no
  /// What it asks is not known here: a pattern's context, the day, how sure somebody was.
  case maybe
}

/// The slots one search keeps, and conditions over sets of their values.
struct SlotSpace {
  let names: [SlotName]
  let index: [SlotName: Int]
  let domains: [SlotDomain]
  private let expressions: RegularExpressions

  init(_ names: Set<SlotName>, _ all: SlotDomains) {
    expressions = all.expressions
    let known = names.filter { all.all[$0] != nil }.sorted()
    self.names = known
    index = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    domains = known.compactMap { all.all[$0] }
  }

  /// A condition with the values for which it comes to that.
  struct Case {
    var values: [ValueSet]
    var truth: Truth
  }

  /// Parts the values until the condition is settled in each part.
  func cases(_ predicate: Predicate, _ values: [ValueSet]) -> [Case] {
    switch judge(predicate, values) {
    case .settled(let truth): return [Case(values: values, truth: truth)]
    case .split(let slot, let parts):
      return parts.flatMap { part in
        var values = values
        values[slot] = part
        return cases(predicate, values)
      }
    }
  }

  /// Whether a condition can hold for some of the values.
  func canHold(_ predicate: Predicate, _ values: [ValueSet]) -> Bool {
    cases(predicate, values).contains { $0.truth != .no }
  }

  private enum Verdict {
    case settled(Truth)
    case split(slot: Int, [ValueSet])
  }

  private func judge(_ predicate: Predicate, _ values: [ValueSet]) -> Verdict {
    switch predicate {
    case .literal(let value): return .settled(value ? .yes : .no)
    case .not(let inner):
      guard case .settled(let truth) = judge(inner, values) else { return judge(inner, values) }
      return .settled(truth == .yes ? .no : truth == .no ? .yes : .maybe)
    case .all(let parts): return join(parts, values, deciding: .no, otherwise: .yes)
    case .any(let parts): return join(parts, values, deciding: .yes, otherwise: .no)
    default: return judgeAtom(predicate, values)
    }
  }

  private func join(_ parts: [Predicate], _ values: [ValueSet], deciding: Truth, otherwise: Truth) -> Verdict {
    var split: Verdict?
    var result = otherwise
    for part in parts {
      switch judge(part, values) {
      case .settled(let truth):
        if truth == deciding { return .settled(deciding) }
        if truth == .maybe { result = .maybe }
      case let verdict: if split == nil { split = verdict }
      }
    }
    return split ?? .settled(result)
  }

  private func judgeAtom(_ atom: Predicate, _ values: [ValueSet]) -> Verdict {
    let asked = Set(atom.slots.compactMap { index[$0] }).sorted()
    guard let first = asked.first else { return .settled(truth(of: atom) { _ in .nothing }) }
    guard asked.count > 1 else {
      var parts: [Truth: ValueSet] = [:]
      for member in values[first].members {
        let truth = truth(of: atom) { index[$0] == first ? domains[first].values[member] : .nothing }
        parts[truth, default: []].formUnion(ValueSet(member: member))
      }
      if parts.count <= 1 { return .settled(parts.keys.first ?? .no) }
      return .split(slot: first, [Truth.yes, .no, .maybe].compactMap { parts[$0] })
    }
    if let several = asked.first(where: { values[$0].count > 1 }) {
      return .split(slot: several, values[several].members.map(ValueSet.init(member:)))
    }
    return .settled(
      truth(of: atom) { name in
        guard let slot = index[name], let member = values[slot].members.first else { return .nothing }
        return domains[slot].values[member]
      })
  }

  // MARK: One condition over one choice of values

  private enum Side {
    case nothing
    case known(SlotValue)
    /// Some other value of a slot.
    case other(SlotDomain)
    case unknown
  }

  private func side(_ operand: Operand, _ value: (SlotName) -> AbstractValue) -> Side {
    switch operand {
    case .slot(let name):
      switch value(name) {
      case .nothing: return .nothing
      case .known(let value): return .known(value)
      case .oldYes: return .known(.bool(true))
      case .other: return index[name].map { .other(domains[$0]) } ?? .unknown
      }
    case .provenance(let name, _):
      if case .nothing = value(name) { return .nothing }
      return .unknown
    case .literal(let value): return value.map { .known($0) } ?? .nothing
    case .set(let values): return .known(.list(values))
    case .context, .template: return .unknown
    }
  }

  private func truth(of atom: Predicate, _ value: (SlotName) -> AbstractValue) -> Truth {
    switch atom {
    case .compare(let left, let comparison, let right):
      let ignoresCase = [left, right].contains {
        if case .slot(let name) = $0 { index[name].map { domains[$0].isCategorical } ?? false } else { false }
      }
      return compare(side(left, value), comparison, side(right, value), ignoresCase)
    case .contains(let left, let right): return contains(side(left, value), side(right, value))
    case .matches(let operand, let pattern):
      switch side(operand, value) {
      case .nothing: return .no
      case .known(let known):
        return known.revealedText.flatMap { expressions.find(pattern, in: $0) }.map { $0 ? .yes : .no } ?? .maybe
      case .other, .unknown: return .maybe
      }
    case .truthy(let operand):
      switch side(operand, value) {
      case .nothing: return .no
      case .known(let known): return Comparing.isTruthy(known) ? .yes : .no
      case .other(let domain): return domain.definition.type == .text ? .yes : .maybe
      case .unknown: return .maybe
      }
    default: return .maybe
    }
  }

  private func compare(_ left: Side, _ comparison: Comparison, _ right: Side, _ ignoresCase: Bool) -> Truth {
    func equality(_ isEqual: Bool) -> Truth {
      switch comparison {
      case .equal: isEqual ? .yes : .no
      case .notEqual: isEqual ? .no : .yes
      default: .no
      }
    }
    switch (left, right) {
    case (.unknown, _), (_, .unknown): return .maybe
    case (.known(let left), .known(let right)):
      return Comparing.holds(left, comparison, right, ignoringCase: ignoresCase) ? .yes : .no
    case (.nothing, .nothing): return equality(true)
    case (.nothing, .known(let value)), (.known(let value), .nothing):
      return equality(value == .text("") || value == .list([]))
    case (.nothing, .other), (.other, .nothing): return equality(false)
    case (.other(let domain), .known(let value)), (.known(let value), .other(let domain)):
      guard comparison == .equal || comparison == .notEqual, domain.names(value) else { return .maybe }
      return equality(false)
    case (.other, .other): return .maybe
    }
  }

  private func contains(_ left: Side, _ right: Side) -> Truth {
    switch (left, right) {
    case (.nothing, _), (_, .nothing): return .no
    case (.known(.list(let elements)), .known(let value)):
      return elements.contains { Comparing.areEqual($0, value, ignoringCase: true) } ? .yes : .no
    case (.known(.list(let elements)), .other(let domain)): return elements.allSatisfy(domain.names) ? .no : .maybe
    case (.known(let text), .known(let part)):
      guard let text = text.revealedText, let part = part.revealedText else { return .maybe }
      return part.isEmpty || Scope.text(text, contains: part) ? .yes : .no
    default: return .maybe
    }
  }
}
