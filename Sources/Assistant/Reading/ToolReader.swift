import Core
import Dialogue

/// Reads `tools.yml`: the operations of a back end that flows may ask for.
struct ToolReader {
  let context: ReadingContext

  private struct Base {
    var url = ""
    var headers: [String: String] = [:]
  }

  func read(_ file: String, _ text: String, into draft: inout Draft) {
    guard let root = context.root(of: file, text: text),
      let map = root.map("tools.yml", keys: ["base", "headers", "tools"])
    else { return }
    var base = Base()
    if let reader = map["base"], let url = reader.text("the address all tools begin with") {
      checkURL(url, reader, isWhole: true)
      base.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    }
    base.headers = map["headers"].map { headers($0) } ?? [:]
    for (key, reader) in map.required("tools")?.entries("the tools as a map of names") ?? [] {
      guard YAMLReader.isName(key.key), !key.key.hasPrefix("utter_") else {
        root.log.error(
          .wrongValue, at: key.keyLocation, key: reader.path, "`\(key.key)` is no name of a tool",
          hint: "letters, digits, `_` and `-`; names that begin with `utter_` are responses")
        continue
      }
      draft.tools[ActionName(key.key)] = tool(ActionName(key.key), reader, base, at: key.keyLocation)
      if draft.tools[ActionName(key.key)] == nil { draft.broken.insert(key.key) }
    }
  }

  private static let keys = [
    "description", "request", "headers", "arguments", "results", "identifies", "refusals", "not_found", "outcome",
    "deadline", "changes_state", "probe", "confirmed_by", "identity", "consent", "approval", "idempotency_key",
    "compensation", "latency",
  ]

  private func tool(_ name: ActionName, _ reader: YAMLReader, _ base: Base, at source: SourceLocation)
    -> ToolDefinition?
  {
    guard let map = reader.map("a tool", keys: Self.keys) else { return nil }
    let summary = map.required("description", hint: "what the tool does")?.text() ?? ""
    let changesState = map.required(
      "changes_state", hint: "true when the tool changes anything, false when it only reads")?.bool()
    let own = base.headers.merging(map["headers"].map { headers($0) } ?? [:]) { _, own in own }
    let request = map.required("request", hint: "such as `request: GET /orders/{order_number}`")
    let made = request.flatMap { self.request($0, Base(url: base.url, headers: own)) }
    let arguments = (map["arguments"]?.entries("the arguments as a map of names") ?? []).compactMap {
      argument($0.key, $0.value)
    }
    let results = (map["results"]?.entries("the results as a map of paths in the answer") ?? []).compactMap {
      field($0.key, $0.value)
    }
    let identifies = map["identifies"].flatMap { identifying($0, results, isChange: changesState == true) }
    if let made, let request { checkPlaces(made, known: arguments.map(\.name) + ["idempotency_key"], request) }
    let probe = map["probe"].flatMap { probe -> ToolRequest? in
      guard let made = self.request(probe, Base(url: base.url, headers: own)) else { return nil }
      checkPlaces(made, known: arguments.map(\.name) + ["idempotency_key"], probe)
      if made.method != "GET" { probe.error(.wrongValue, "a probe only looks", hint: "write `GET ...`") }
      return made
    }
    if changesState == true, map["probe"] == nil {
      map.reader.warning(
        .advice, "the tool changes something and has no `probe`: when no answer comes, a person has to look",
        hint: "such as `probe: GET /requests/{idempotency_key}`")
    }
    if changesState == false, map.entries["probe"] != nil {
      map.log.error(
        .conflictingKeys, at: map.keyLocation("probe"), key: reader.joined("probe"),
        "a tool that only reads needs no probe",
        hint: "remove `probe`, or write `changes_state: true`")
    }
    let refusals = (map["refusals"]?.items("a list of codes") ?? []).compactMap { $0.name("a refusal") }
    let notFound = map["not_found"].map { self.notFound($0, among: refusals, isChange: changesState == true) } ?? []
    let outcome = map["outcome"]?.slotName(context, .outcome(["completed", "failed", "unknown"] + refusals))
    let needsNoYes = changesState == true && map["confirmed_by"]?.scalar?.text == "none"
    let flag = needsNoYes ? nil : map["confirmed_by"]?.slotName(context, .flag)
    let safeguards = SafeguardReader(context: context)
    let identity = map["identity"].flatMap { safeguards.level($0) }
    let approval = map["approval"].flatMap { safeguards.approval($0) }
    // A need that cannot be read is no need that is not there.
    guard map["identity"] == nil || identity != nil, map["approval"] == nil || approval != nil else { return nil }
    if changesState == false {
      for key in ["idempotency_key", "compensation"] where map.entries[key] != nil {
        map.log.error(
          .conflictingKeys, at: map.keyLocation(key), key: reader.joined(key),
          "a tool that only reads has no `\(key)`", hint: "remove `\(key)`, or write `changes_state: true`")
      }
    }
    let compensation = map["compensation"]?.name("a tool")
    if let compensation, let reader = map["compensation"] { context.uses.add(.compensation, compensation, reader) }
    guard let made, let changesState else { return nil }
    return ToolDefinition(
      name: name, summary: summary, request: made, arguments: arguments, results: results,
      identifies: identifies, refusals: refusals, notFound: notFound, outcomeSlot: outcome,
      deadline: map.span("deadline", default: .seconds(3)),
      changesState: changesState, probe: probe, confirmedBy: flag, needsNoYes: needsNoYes, identity: identity ?? .none,
      consents: map["consent"].map { safeguards.consents($0) } ?? [], approval: approval,
      idempotencyKey: map["idempotency_key"]?.template(context), compensation: compensation.map { ActionName($0) },
      latency: map["latency"]?.choice(ToolLatency.self, "latency") ?? .short, source: source)
  }

  /// Which refusals say that there is nothing of what was asked for: one code or a list.
  private func notFound(_ reader: YAMLReader, among refusals: [String], isChange: Bool) -> [String] {
    if isChange {
      reader.error(
        .conflictingKeys, "a tool that changes something is never tried with other readings",
        hint: "remove `not_found`, or look it up by a tool with `changes_state: false` first")
    }
    let codes = (reader.scalar == nil ? reader.items("a refusal or a list of them") ?? [] : [reader]).compactMap {
      $0.name("a refusal")
    }
    for code in codes where !refusals.contains(code) {
      reader.error(
        .wrongValue, "`\(code)` is none of the tool's refusals", hint: NearestName.hint(code, among: refusals))
    }
    return codes
  }

  // MARK: Requests

  private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

  /// `POST /path`, or a map with `method`, `url` and `headers`.
  private func request(_ reader: YAMLReader, _ base: Base) -> ToolRequest? {
    if reader.isMapping {
      guard let map = reader.map("a request", keys: ["method", "url", "headers"]), let method = map.required("method"),
        let name = method.text(), let url = map.required("url"), let address = url.text()
      else { return nil }
      guard Self.methods.contains(name) else {
        method.error(.wrongValue, "`\(name)` is no method", hint: NearestName.hint(name, among: Self.methods))
        return nil
      }
      let headers = base.headers.merging(map["headers"].map { self.headers($0) } ?? [:]) { _, own in own }
      return ToolRequest(method: name, url: whole(address, base, url), headers: headers)
    }
    guard let text = reader.text("a request, such as `GET /orders/{order_number}`") else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, Self.methods.contains(String(words[0])) else {
      reader.error(
        .wrongValue, "expected a method and a path",
        hint: "such as `GET /orders/{order_number}`; methods are \(Self.methods.joined(separator: ", "))")
      return nil
    }
    return ToolRequest(method: String(words[0]), url: whole(String(words[1]), base, reader), headers: base.headers)
  }

  private func whole(_ address: String, _ base: Base, _ reader: YAMLReader) -> String {
    let isPath = address.hasPrefix("/")
    if isPath, base.url.isEmpty {
      reader.error(
        .wrongValue, "`\(address)` is a path, and there is no `base`", hint: "add `base: ${SHOP_URL}` at the top")
    }
    checkURL(address, reader, isWhole: !isPath)
    return isPath ? base.url + address : address
  }

  private func checkURL(_ text: String, _ reader: YAMLReader, isWhole: Bool) {
    SecretGuard(log: context.log).url(text, reader)
    reader.checkReferences(text)
    context.references.add(url: text, reader)
    if isWhole, !["http://", "https://", "${"].contains(where: text.hasPrefix) {
      reader.error(
        .wrongValue, "`\(text.prefix { $0 != ":" && $0 != "?" })` is no address",
        hint: "it begins with `https://`, `http://` or `${NAME}`")
    }
  }

  private func headers(_ reader: YAMLReader) -> [String: String] {
    var headers: [String: String] = [:]
    for (key, value) in reader.entries("headers as a map of names") ?? [] {
      SecretGuard(log: context.log).header(key.key, value, at: key.keyLocation)
      guard let text = value.text() else { continue }
      value.checkReferences(text)
      context.references.add(text, as: .secret, value)
      headers[key.key] = text
    }
    return headers
  }

  /// Places in the address must be arguments.
  private func checkPlaces(_ request: ToolRequest, known: [String], _ reader: YAMLReader) {
    let text = request.url.split(separator: "$", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset > 0 && $0.element.hasPrefix("{") ? $0.element.drop { $0 != "}" }.dropFirst() : $0.element }
      .joined()
    var rest = text[...]
    while let start = rest.firstIndex(of: "{") {
      let name = rest[rest.index(after: start)...].prefix { $0 != "}" }
      if !known.contains(String(name)) {
        reader.error(
          .unknownName, "`{\(name)}` is no argument of the tool", hint: NearestName.hint(String(name), among: known))
      }
      rest = rest[name.endIndex...]
    }
  }

  // MARK: Arguments and results

  private func argument(_ key: YAMLEntry, _ reader: YAMLReader) -> ToolArgument? {
    if reader.isNull || reader.value["slot"] == nil {
      context.uses.add(.slot, key.key, at: key.keyLocation, path: reader.path)
    }
    if reader.isNull { return ToolArgument(name: key.key, slot: SlotName(key.key), type: .string) }
    guard let map = reader.map("an argument", keys: ["slot", "type", "pattern", "required", "receives", "read_back"])
    else {
      return nil
    }
    let pattern = map.text("pattern")
    if let pattern, let reader = map["pattern"] {
      do throws(TextPatternError) { _ = try TextPattern(pattern) } catch {
        reader.error(
          .wrongValue, "the pattern is no regular expression that can be used: \(error.message)", hint: error.hint)
      }
    }
    let type = type(map["type"]) ?? .string
    if pattern != nil, type != .string {
      map["pattern"]?.error(.conflictingKeys, "only a string has a pattern", hint: "write `type: string`")
    }
    return ToolArgument(
      name: key.key, slot: map["slot"]?.slotName(context) ?? SlotName(key.key), type: type, pattern: pattern,
      isRequired: map.bool("required", default: true), receives: map["receives"].flatMap(grant),
      isReadBack: map.bool("read_back", default: true))
  }

  /// A kind of data that tools are not given unless an argument says so.
  private func grant(_ reader: YAMLReader) -> DataLabel? {
    let labels: [DataLabel] = [.secret, .card, .health]
    guard let name = reader.text("a kind of data") else { return nil }
    if let label = labels.first(where: { $0.rawValue == name }) { return label }
    reader.error(
      .wrongValue, "`\(name)` needs no grant",
      hint: "`secret`, `card` or `health`; other kinds go to tools anyway")
    return nil
  }

  private func field(_ key: YAMLEntry, _ reader: YAMLReader) -> ToolField? {
    guard let map = reader.map("a result", keys: ["type", "values", "slot", "required"]) else { return nil }
    let type = type(map["type"]) ?? .string
    return ToolField(
      path: key.key, type: type,
      values: (map["values"]?.items("a list of values") ?? []).compactMap { $0.text() },
      slot: map["slot"]?.slotName(context, .result(type)), isRequired: map.bool("required", default: true))
  }

  /// The slot by whose value a tool says who calls: one of its results, and of one value.
  private func identifying(_ reader: YAMLReader, _ results: [ToolField], isChange: Bool) -> SlotName? {
    guard let slot = reader.slotName(context, .identifying) else { return nil }
    if isChange {
      reader.error(
        .conflictingKeys, "a tool that changes something does not say who calls",
        hint: "write `identifies` at a tool with `changes_state: false`")
    }
    guard let field = results.first(where: { $0.slot == slot }) else {
      let known = results.compactMap { $0.slot?.rawValue }
      reader.error(
        .unknownName, "`\(slot)` is no result of the tool",
        hint: NearestName.find(slot.rawValue, among: known).map { "did you mean `\($0)`?" }
          ?? "name the slot of one of its `results`")
      return nil
    }
    if field.type == .array || field.type == .boolean {
      reader.error(.wrongValue, "\(field.type.rawValue) values name nobody", hint: "a string or an integer does")
    }
    return slot
  }

  private func type(_ reader: YAMLReader?) -> JSONType? {
    guard let reader, let name = reader.text("a type") else { return nil }
    if let type = JSONType(rawValue: name) { return type }
    let meant = ["text": "string", "bool": "boolean", "float": "number", "int": "integer", "list": "array"]
    reader.error(
      .wrongValue, "`\(name)` is no type of a JSON value",
      hint: meant[name].map { "write `\($0)`" }
        ?? NearestName.hint(name, among: ["string", "integer", "number", "boolean", "array"]))
    return nil
  }
}
