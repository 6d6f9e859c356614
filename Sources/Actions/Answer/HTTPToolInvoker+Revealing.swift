import Core

extension HTTPToolInvoker {
  /// The values as they were before they were stored. A value that was erased, or cannot be read, stays without one.
  func reveal<Name: Hashable>(_ values: [Name: SlotValue], of owner: DataOwner) async -> [Name: SlotValue] {
    var revealed: [Name: SlotValue] = [:]
    for (name, value) in values { revealed[name] = await reveal(value, owner) }
    return revealed
  }

  private func reveal(_ value: SlotValue, _ owner: DataOwner) async -> SlotValue {
    switch value {
    case .bool, .number, .text: return value
    case .list(let values):
      var revealed: [SlotValue] = []
      for value in values { revealed.append(await reveal(value, owner)) }
      return .list(revealed)
    case .sensitive(let sensitive):
      guard sensitive.revealed == nil, let text = try? await services.vault.reveal(sensitive.token, owner: owner) else {
        return value
      }
      return .sensitive(sensitive.revealing(text))
    }
  }
}
