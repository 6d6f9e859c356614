public import Core

/// The vault as seen from one call: whoever composes the server knows whose data a call's is.
public protocol CallVault: Sendable {
  /// Puts a value of a back end's answer behind a token of the call's owner. Synchronous, no I/O.
  func protect(_ value: String, label: DataLabel, of call: CallID) -> Sensitive<String>
  /// The value of a token of the call's owner; nil when it was erased.
  func reveal(_ token: SensitiveToken, of call: CallID) async throws -> String?
}

/// Puts labelled values of answers behind tokens, and takes them out again.
struct ResultProtection: Sendable {
  let labels: [SlotName: DataLabel]
  let vault: any CallVault

  /// The slots with every value of a labelled slot behind a token.
  func protect(_ slots: [SlotName: SlotValue], of call: CallID) -> [SlotName: SlotValue] {
    var protected = slots
    for (name, value) in slots {
      if let label = labels[name] { protected[name] = protect(value, label, call) }
    }
    return protected
  }

  private func protect(_ value: SlotValue, _ label: DataLabel, _ call: CallID) -> SlotValue {
    switch value {
    case .list(let values): .list(values.map { protect($0, label, call) })
    case .sensitive: value
    case .bool, .number, .text: .sensitive(vault.protect(value.revealedText ?? "", label: label, of: call))
    }
  }

  /// The values as they were before they were stored. A value that was erased, or cannot be read, stays without one.
  func reveal<Name: Hashable>(_ values: [Name: SlotValue], of call: CallID) async -> [Name: SlotValue] {
    var revealed: [Name: SlotValue] = [:]
    for (name, value) in values { revealed[name] = await reveal(value, call) }
    return revealed
  }

  private func reveal(_ value: SlotValue, _ call: CallID) async -> SlotValue {
    switch value {
    case .bool, .number, .text: return value
    case .list(let values):
      var revealed: [SlotValue] = []
      for value in values { revealed.append(await reveal(value, call)) }
      return .list(revealed)
    case .sensitive(let sensitive):
      guard sensitive.revealed == nil, let text = try? await vault.reveal(sensitive.token, of: call) else {
        return value
      }
      return .sensitive(sensitive.revealing(text))
    }
  }
}
