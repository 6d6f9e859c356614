/// A text that names one thing of one kind. Two kinds of identifier never compare, so a call cannot be taken for a leg.
///
/// Encodes as its bare text. Identifiers hold no personal data: a caller's number is `Sensitive<String>`.
public struct Identifier<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The text itself, never empty in a valid identifier.
  public let rawValue: String

  /// Wraps a text as an identifier of this kind.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// Wraps a literal.
  public init(stringLiteral value: String) { self.rawValue = value }

  /// The bare text.
  public var description: String { rawValue }

  /// Orders by text, for canonical listings.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
  /// Reads the bare text.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  /// Writes the bare text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension Identifier: CodingKeyRepresentable {
  /// The identifier as a dictionary key of an encoded object.
  public var codingKey: any CodingKey { IdentifierKey(stringValue: rawValue) }

  /// Reads the identifier from a dictionary key.
  public init?<T: CodingKey>(codingKey: T) { self.init(codingKey.stringValue) }
}

private struct IdentifierKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// Marks of the kinds of identifier; never instantiated.
public enum IdentifierKind {
  /// An enterprise served by this process.
  public enum Tenant {}
  /// A human being known to a tenant.
  public enum Person {}
  /// One matter talked about, over one or several calls and lines.
  public enum Conversation {}
  /// One connection from answer to hang-up.
  public enum Call {}
  /// One party's side of a call.
  public enum Leg {}
  /// A flow.
  public enum Flow {}
  /// A step, unique in its flow.
  public enum Step {}
  /// A slot.
  public enum Slot {}
  /// A response, `utter_...`.
  public enum Response {}
  /// An action: a tool, or a built-in `action_...`.
  public enum Action {}
  /// A place or person calls are transferred to.
  public enum Destination {}
  /// A purpose of consent.
  public enum Consent {}
}

/// Names an enterprise served by this process.
public typealias TenantID = Identifier<IdentifierKind.Tenant>
/// Names a human being known to a tenant.
public typealias PersonID = Identifier<IdentifierKind.Person>
/// Names one matter talked about; may span several calls.
public typealias ConversationID = Identifier<IdentifierKind.Conversation>
/// Names one connection from answer to hang-up; may have several legs.
public typealias CallID = Identifier<IdentifierKind.Call>
/// Names one party's side of a call.
public typealias LegID = Identifier<IdentifierKind.Leg>
/// Names a flow of an assistant.
public typealias FlowID = Identifier<IdentifierKind.Flow>
/// Names a step within its flow.
public typealias StepID = Identifier<IdentifierKind.Step>
/// Names a slot of an assistant.
public typealias SlotName = Identifier<IdentifierKind.Slot>
/// Names a response of an assistant, such as `utter_greet`.
public typealias ResponseName = Identifier<IdentifierKind.Response>
/// Names an action: a tool of `tools.yml` or a built-in `action_...`.
public typealias ActionName = Identifier<IdentifierKind.Action>
/// Names a place or person calls are transferred to.
public typealias DestinationName = Identifier<IdentifierKind.Destination>
/// Names a purpose a caller may consent to.
public typealias ConsentName = Identifier<IdentifierKind.Consent>
