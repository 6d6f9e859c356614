import Core
import Dialogue

/// Reads what stands between a caller and an action: identity, consent, approval. In `assistant.yml` as a whole, at flows and tools
/// as a need.
struct SafeguardReader {
  let context: ReadingContext

  // MARK: assistant.yml

  /// `identity: {levels, flow}`.
  func ladder(_ reader: YAMLReader) -> IdentityLadder {
    var ladder = IdentityLadder()
    guard let map = reader.map("the levels of identity", keys: ["levels", "flow"]) else { return ladder }
    var names: [String] = []
    for item in map["levels"]?.items("a list of names, the lowest level first") ?? [] {
      guard let name = item.name("a level") else { continue }
      if names.contains(name) {
        item.error(.duplicateName, "`\(name)` is listed twice", hint: "give each level a name of its own")
      } else if names.count == 3 {
        item.error(.wrongValue, "there are three levels at most", hint: "remove `\(name)`")
      } else {
        names.append(name)
      }
    }
    if names.isEmpty { names = ladder.names }
    let flow = map["flow"]?.name("a flow")
    if let flow, let reader = map["flow"] { context.uses.add(.handler, flow, reader) }
    ladder = IdentityLadder(names: names, flow: flow.map { FlowID($0) } ?? ladder.flow)
    return ladder
  }

  /// `consent: {purpose: {description, ask}}`.
  func purposes(_ reader: YAMLReader) -> [ConsentName: ConsentDefinition] {
    var found: [ConsentName: ConsentDefinition] = [:]
    for (key, value) in reader.entries("the purposes of consent as a map of names") ?? [] {
      guard YAMLReader.isName(key.key) else {
        reader.log.error(
          .wrongValue, at: key.keyLocation, key: value.path, "`\(key.key)` is no name of a purpose",
          hint: "letters, digits, `_` and `-`, not starting with `-`")
        continue
      }
      guard let map = value.map("a purpose of consent", keys: ["description", "ask"]) else { continue }
      let summary = map.required("description", hint: "what the caller would consent to")?.text() ?? ""
      let ask = map["ask"]?.responseName(context)
      let purpose = ConsentDefinition(name: ConsentName(key.key), summary: summary, ask: ask, source: key.keyLocation)
      if ask == nil { context.uses.add(.response, purpose.ask.rawValue, at: key.keyLocation, path: value.path) }
      found[purpose.name] = purpose
    }
    return found
  }

  // MARK: Needs of flows and tools

  /// `identity: verified` or `identity: 2`.
  func level(_ reader: YAMLReader) -> IdentityLevel? {
    if let number = reader.scalar?.integer {
      guard (0...3).contains(number) else {
        reader.error(.wrongValue, "\(number) is no level of identity", hint: "from 0 to 3")
        return nil
      }
      return IdentityLevel(number)
    }
    guard let name = reader.text("a level of identity") else { return nil }
    if let level = context.ladder.level(named: name) { return level }
    reader.error(
      .wrongValue, "`\(name)` is no level of identity", hint: NearestName.hint(name, among: context.ladder.names))
    return nil
  }

  /// `consent: marketing`, `consent: [marketing, recording]`.
  func consents(_ reader: YAMLReader) -> [ConsentName] {
    var found: [ConsentName] = []
    for item in reader.items("a list of purposes", orSingle: true) ?? [] {
      guard let name = item.name("a purpose") else { continue }
      context.uses.add(.consent, name, item)
      if !found.contains(ConsentName(name)) { found.append(ConsentName(name)) }
    }
    return found
  }

  /// `approval: {by, when, tool, deadline}`.
  func approval(_ reader: YAMLReader) -> ApprovalRule? {
    guard let map = reader.map("an approval", keys: ["by", "when", "tool", "deadline"]) else { return nil }
    let role = map.required("by", hint: "who may give it, such as `by: supervisor`")?.name("a role")
    let condition = map["when"]?.predicate(context)
    if map["when"] != nil, condition == nil { return nil }
    let tool = map["tool"]?.name("a tool")
    if let tool, let reader = map["tool"] { context.uses.add(.approver, tool, reader) }
    guard let role else { return nil }
    return ApprovalRule(
      role: role, condition: condition, tool: tool.map { ActionName($0) },
      deadline: map.span("deadline", default: .seconds(60)))
  }
}
