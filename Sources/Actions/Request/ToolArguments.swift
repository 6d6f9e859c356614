import Core
import Governance

/// Arguments of a tool, checked and in clear: what goes into its request.
struct ToolArguments: Hashable, Sendable {
  let values: [String: JSONValue]

  /// Checks values against a tool's declaration: every required one is there, none is undeclared, each has its type and
  /// matches its pattern whole, and the policy or the tool's author lets its label out to it.
  init(_ given: [String: SlotValue], for tool: ToolDefinition, policy: DataPolicy) throws(ArgumentFailure) {
    guard given.keys.allSatisfy({ name in tool.arguments.contains { $0.name == name } }) else {
      throw ArgumentFailure(.badArgument)
    }
    var values: [String: JSONValue] = [:]
    for argument in tool.arguments {
      guard let value = given[argument.name] else {
        if argument.isRequired { throw ArgumentFailure(.badArgument) }
        continue
      }
      let granted = argument.receives.map { policy.allowing([$0], at: .tool) } ?? policy
      guard Self.mayLeave(value, granted) else { throw ArgumentFailure(.forbidden) }
      guard let converted = Self.convert(value, to: argument.type), Self.matches(converted, argument.pattern) else {
        throw ArgumentFailure(.badArgument)
      }
      values[argument.name] = converted
    }
    self.values = values
  }

  private static func mayLeave(_ value: SlotValue, _ policy: DataPolicy) -> Bool {
    switch value {
    case .sensitive(let sensitive): policy.allows(sensitive.token.label, at: .tool)
    case .list(let values): values.allSatisfy { mayLeave($0, policy) }
    case .bool, .number, .text: true
    }
  }

  /// The value as the declared type; nil when it is not one. Text that reads as a number or truth passes for it, because
  /// callers' values are text behind tokens.
  private static func convert(_ value: SlotValue, to type: JSONType) -> JSONValue? {
    switch (type, value) {
    case (.array, .list(let values)):
      let converted = values.compactMap { element in
        switch element {
        case .bool: convert(element, to: .boolean)
        case .number: convert(element, to: .number)
        case .text, .sensitive: convert(element, to: .string)
        case .list: nil
        }
      }
      return converted.count == values.count ? .array(converted) : nil
    case (.array, _), (_, .list): return nil
    case (.boolean, .bool(let value)): return .bool(value)
    case (.integer, .number(let value)): return Int64(exactly: value).map(JSONValue.integer)
    case (.number, .number(let value)):
      return Int64(exactly: value).map(JSONValue.integer) ?? (value.isFinite ? .number(value) : nil)
    case (_, .bool), (_, .number): return nil
    case (_, .text(let text)): return convert(text, to: type)
    case (_, .sensitive(let sensitive)): return sensitive.revealed.flatMap { convert($0, to: type) }
    }
  }

  private static func convert(_ text: String, to type: JSONType) -> JSONValue? {
    switch type {
    case .string: return .string(text)
    case .integer: return Int64(text).map(JSONValue.integer)
    case .number:
      if let whole = Int64(text) { return .integer(whole) }
      guard let value = Double(text), value.isFinite, text.first != "+" else { return nil }
      return .number(value)
    case .boolean: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
    case .array: return nil
    }
  }

  private static func matches(_ value: JSONValue, _ pattern: String?) -> Bool {
    guard let pattern else { return true }
    guard case .string(let text) = value, let expression = try? TextPattern(pattern) else { return false }
    return expression.matchesWhole(text)
  }
}

/// Why arguments were refused.
struct ArgumentFailure: Error, Hashable {
  let failure: ToolFailure
  init(_ failure: ToolFailure) { self.failure = failure }
}
