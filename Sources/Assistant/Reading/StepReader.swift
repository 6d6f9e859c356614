import Core
import Dialogue

/// Reads the steps of one flow and flattens nested branches: every step gets a name, every way out a target.
///
/// A nested branch that ends without `next` goes on behind the step it hangs from. Steps stay in the order they are written,
/// so a way out is made explicit wherever the following step in the file is not the one that comes next.
struct StepReader {
  let context: ReadingContext
  let flow: FlowID
  private var taken: Set<String> = []
  private var count = 0

  init(context: ReadingContext, flow: FlowID) {
    self.context = context
    self.flow = flow
  }

  /// A step on its way: its branches may still hold nested steps, and where it goes on is not known yet.
  private struct Pending {
    var id: StepID
    var kind: FlowStep.Kind
    var ways: [Way]
    var source: SourceLocation
    var nested: [[Pending]] { ways.compactMap(\.nested) }
    var isLink: Bool { if case .link = kind { true } else { false } }
  }

  private struct Way {
    var condition: Predicate?
    var target: FlowTarget?
    var nested: [Pending]?
    var location: SourceLocation
    var path: String
  }

  mutating func steps(_ items: [YAMLReader]) -> [FlowStep] {
    reserve(items)
    let pending = list(items)
    var flat: [FlowStep] = []
    flatten(pending, end: nil, isNested: false, into: &flat)
    checkTargets(pending, known: Set(flat.map(\.id)))
    return flat
  }

  /// Whether a step collects or sets a slot.
  func fills(_ slot: SlotName, in steps: [FlowStep]) -> Bool {
    steps.contains { step in
      switch step.kind {
      case .collect(let collect): collect.slot == slot
      case .setSlots(let assignments): assignments.contains { $0.slot == slot }
      default: false
      }
    }
  }

  // MARK: Flattening

  /// `end`: where the list goes on behind its last step; nil: the flow's end.
  private func flatten(_ list: [Pending], end: StepID?, isNested: Bool, into flat: inout [FlowStep]) {
    for (index, step) in list.enumerated() {
      let following = index + 1 < list.count ? list[index + 1].id : end
      var branches: [FlowBranch] = step.ways.map { way in
        FlowBranch(
          condition: way.condition,
          target: way.target ?? way.nested?.first.map { .step($0.id) } ?? following.map { .step($0) } ?? .end)
      }
      let isLast = index + 1 == list.count
      let isComplete = branches.contains { $0.condition == nil }
      if !isComplete, !step.isLink, !step.nested.isEmpty || (isLast && isNested) {
        branches.append(FlowBranch(condition: nil, target: following.map { .step($0) } ?? .end))
      }
      flat.append(FlowStep(id: step.id, kind: step.kind, next: branches, source: step.source))
      for nested in step.nested { flatten(nested, end: following, isNested: true, into: &flat) }
    }
  }

  // MARK: Reading

  /// Names that authors gave, nested ones included, so that names made here never meet them.
  private mutating func reserve(_ items: [YAMLReader]) {
    for item in items {
      if case .scalar(let scalar)? = item.value["id"]?.content, !scalar.isNull {
        if !taken.insert(scalar.text).inserted, let id = item.value["id"] {
          context.log.error(
            .duplicateName, at: id.location, key: item.joined("id"),
            "the step `\(scalar.text)` is defined twice in this flow",
            hint: "give each step an id of its own")
        }
      }
      if let next = item.value["next"], case .sequence(let ways) = next.content {
        for way in ways {
          for inner in [way["then"], way["else"]] {
            if case .sequence(let nested)? = inner?.content {
              reserve(nested.map { YAMLReader(value: $0, path: item.joined("next"), log: context.log) })
            }
          }
        }
        if !ways.contains(where: { $0["if"] != nil || $0["else"] != nil }) {
          reserve(ways.map { YAMLReader(value: $0, path: item.joined("next"), log: context.log) })
        }
      }
    }
  }

  private mutating func list(_ items: [YAMLReader]) -> [Pending] {
    var steps: [Pending] = []
    for (index, item) in items.enumerated() {
      guard let step = step(item) else { continue }
      if step.isLink, index + 1 < items.count, items[index + 1].value["id"] == nil {
        items[index + 1].error(
          .conflictingKeys, "no way leads here: `link` above ends the flow",
          hint: "use `call` to come back, or give the step an `id` and lead to it")
      }
      steps.append(step)
    }
    return steps
  }

  private mutating func step(_ reader: YAMLReader) -> Pending? {
    let number = count
    count += 1
    guard let read = StepKindReader(context: context, flow: flow).read(reader) else { return nil }
    let id = read.map["id"]?.name("a step") ?? freshName("\(number)_\(read.label)")
    var ways: [Way] = []
    if let next = read.map["next"] { ways = self.ways(next) }
    if case .noop = read.kind, read.map.entries["next"] == nil {
      reader.error(
        .missingKey, "`noop` does nothing but branch, and has no `next`", hint: "add `next:` or leave the step out")
    }
    return Pending(id: StepID(id), kind: read.kind, ways: ways, source: reader.location)
  }

  private mutating func freshName(_ wanted: String) -> String {
    var name = wanted
    var suffix = 2
    while !taken.insert(name).inserted {
      name = "\(wanted)_\(suffix)"
      suffix += 1
    }
    return name
  }

  private mutating func ways(_ reader: YAMLReader) -> [Way] {
    guard reader.isSequence, let items = reader.items("") else {
      return target(reader).map { [Way(condition: nil, target: $0, location: reader.location, path: reader.path)] }
        ?? []
    }
    guard items.contains(where: { $0.value["if"] != nil || $0.value["else"] != nil || $0.value["then"] != nil }) else {
      return [Way(condition: nil, nested: list(items), location: reader.location, path: reader.path)]
    }
    var ways: [Way] = []
    for (index, item) in items.enumerated() {
      guard let map = item.map("a branch", keys: ["if", "then", "else"]), map.excludes(["if", "else"]) else { continue }
      if let condition = map["if"] {
        guard let then = map.required("then", hint: "where to go when the condition holds"),
          let predicate = condition.predicate(context)
        else { continue }
        way(predicate, then).map { ways.append($0) }
      } else if let otherwise = map.required("else", hint: "a branch has `if` and `then`, or `else`") {
        way(nil, otherwise).map { ways.append($0) }
        if index + 1 < items.count {
          item.error(.conflictingKeys, "`else` always holds, so no branch may follow it", hint: "move it to the end")
        }
      }
    }
    return ways
  }

  private mutating func way(_ condition: Predicate?, _ reader: YAMLReader) -> Way? {
    if reader.isSequence, let items = reader.items("") {
      return Way(condition: condition, nested: list(items), location: reader.location, path: reader.path)
    }
    return target(reader).map { Way(condition: condition, target: $0, location: reader.location, path: reader.path) }
  }

  private func target(_ reader: YAMLReader) -> FlowTarget? {
    guard !reader.isMapping else {
      reader.error(
        .wrongType, "expected a step's id, `END` or a list, found a map of keys", hint: "start nested steps with `- `")
      return nil
    }
    guard let name = reader.text("a step's id or END") else { return nil }
    return name == "END" ? .end : .step(StepID(name))
  }

  private func checkTargets(_ list: [Pending], known: Set<StepID>) {
    for way in list.flatMap(\.ways) {
      if case .step(let id)? = way.target, !known.contains(id) {
        let names = known.map(\.rawValue)
        context.log.error(
          .unknownName, at: way.location, key: way.path, "`\(id)` is no step of `\(flow)`",
          hint: id.rawValue.uppercased() == "END"
            ? "write `END` in capitals" : NearestName.hint(id.rawValue, among: names + ["END"]))
      }
      if let nested = way.nested { checkTargets(nested, known: known) }
    }
  }
}
