import Core

/// Every place where a file of the author uses a name that another place defines. Gathered while reading, judged when all is read.
final class NameUses {
  private(set) var all: [NameUse] = []

  func add(_ kind: NameUse.Kind, _ name: String, _ reader: YAMLReader) {
    add(kind, name, at: reader.location, path: reader.path)
  }

  func add(_ kind: NameUse.Kind, _ name: String, at location: SourceLocation, path: String) {
    guard !name.contains("{{") else { return }
    all.append(NameUse(kind: kind, name: name, location: location, path: path))
  }
}

/// One use of a name.
struct NameUse: Equatable {
  let kind: Kind
  let name: String
  let location: SourceLocation
  let path: String

  enum Kind: Equatable {
    case slot
    /// A slot whose value is said.
    case spokenSlot
    /// A slot that a step asks for.
    case question
    case response
    case action
    /// A flow that a step of another leads to.
    case link(from: FlowID)
    case call
    /// A flow that something outside its steps leads to: a hang-up, a transfer that failed, a missing identity.
    case handler
    /// A purpose of consent.
    case consent
    /// A tool that asks a person for approval.
    case approver
    /// A tool that undoes another.
    case compensation
    case job
    /// A literal that a slot is set to.
    case value(SlotValue)
    /// A field of a tool's answer that fills a slot.
    case result(JSONType)
    /// A slot that holds a tool's outcome, with the words it must hold.
    case outcome([String])
    /// A slot by whose value a tool says who calls.
    case identifying
    /// A slot that confirms a change.
    case flag
  }
}
