import Core
import FoundationEssentials

/// What an answer says, by the tool's schema.
enum ToolAnswer: Hashable, Sendable {
  /// It did as asked; what the declared fields hold.
  case completed([SlotName: SlotValue])
  /// It took the request on and has not said how it went (RFC 9110 section 15.3.3).
  case accepted
  /// It refused with a code the tool declares.
  case refused(String)
  /// An error without such a code.
  case error(status: Int)
  /// A success whose body is not what the schema says.
  case bad

  /// Reads the answer to the tool's own request.
  init(_ answer: HTTPAnswer, of tool: ToolDefinition) {
    let json = try? JSONText.value(of: answer.body)
    // Without a schema any success is one, but not a page that a proxy or a login puts in the way.
    let saysNothing = answer.body.isEmpty && answer.coding == nil || answer.mediaType == "text/plain"
    guard !tool.results.isEmpty || !(200...299).contains(answer.status) || saysNothing || json != nil else {
      self = answer.status == 202 ? .accepted : .bad
      return
    }
    self.init(status: answer.status, json: json, of: tool)
  }

  /// Reads a probe's positive answer: the outcome as the back end stored it, `{"status": 200, "response": {...}}`, or else
  /// the answer the tool itself would have had.
  init(probed body: Data, of tool: ToolDefinition) {
    let json = try? JSONText.value(of: body)
    if case .object(let members)? = json, case .integer(let status)? = members["status"],
      let response = members["response"],
      (200...599).contains(status)
    {
      self.init(status: Int(status), json: response, of: tool)
    } else {
      self.init(status: 200, json: json, of: tool)
    }
  }

  private init(status: Int, json: JSONValue?, of tool: ToolDefinition) {
    if status == 202 {
      self = .accepted
      return
    }
    // Part of an answer (206) was not asked for, and is none.
    guard status != 206 else {
      self = .bad
      return
    }
    guard (200...299).contains(status) else {
      if case .string(let code)? = json?.value(at: "error.code"), tool.refusals.contains(code) {
        self = .refused(code)
      } else {
        self = .error(status: status)
      }
      return
    }
    if tool.results.isEmpty {
      self = .completed([:])
    } else if let json, let slots = Self.slots(json, tool.results) {
      self = .completed(slots)
    } else {
      self = .bad
    }
  }

  /// The slots filled from the fields; nil when a field is missing or is not what it must be.
  private static func slots(_ json: JSONValue, _ fields: [ToolField]) -> [SlotName: SlotValue]? {
    var slots: [SlotName: SlotValue] = [:]
    for field in fields {
      guard let found = json.value(at: field.path), found != .null else {
        if field.isRequired { return nil }
        continue
      }
      guard let value = slotValue(found, field.type), isAllowed(value, field.values) else { return nil }
      if let slot = field.slot { slots[slot] = value }
    }
    return slots
  }

  private static func slotValue(_ json: JSONValue, _ type: JSONType) -> SlotValue? {
    switch (type, json) {
    case (.string, .string(let text)): .text(text)
    case (.boolean, .bool(let truth)): .bool(truth)
    case (.integer, .integer(let number)), (.number, .integer(let number)):
      Double(exactly: number).map(SlotValue.number)
    case (.number, .number(let number)): .number(number)
    case (.array, .array(let elements)): list(elements)
    default: nil
    }
  }

  private static func list(_ elements: [JSONValue]) -> SlotValue? {
    let values = elements.compactMap { element in
      switch element {
      case .string: slotValue(element, .string)
      case .bool: slotValue(element, .boolean)
      case .integer, .number: slotValue(element, .number)
      case .null, .array, .object: nil
      }
    }
    return values.count == elements.count ? .list(values) : nil
  }

  private static func isAllowed(_ value: SlotValue, _ allowed: [String]) -> Bool {
    guard !allowed.isEmpty else { return true }
    if case .list(let values) = value { return values.allSatisfy { isAllowed($0, allowed) } }
    return value.revealedText.map(allowed.contains) ?? false
  }
}
