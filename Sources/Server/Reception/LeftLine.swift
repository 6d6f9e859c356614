internal import Core
internal import Logging
internal import Storage

/// A call that a crash left without an end, with what its line needs to say goodbye.
struct LeftLine: Sendable {
  let call: CallID
  /// As the line wrote them; a caller's data.
  let identities: [String]
}

extension StorageFloor {
  /// The calls of runs that are gone, oldest first. One that cannot be read is told and still listed: it is closed all the same.
  func leftLines(logger: Logger) async -> [LeftLine] {
    let calls: [CallID]
    do {
      calls = try await store.leftCalls.all()
    } catch {
      logger.error("calls of an earlier run could not be looked up", metadata: ["error": "\(error)"])
      return []
    }
    var lines: [LeftLine] = []
    for call in calls {
      var identities: [String] = []
      do {
        identities = try await self.identities(of: call)
      } catch {
        logger.error(
          "a call of an earlier run cannot be read; its line is told nothing",
          metadata: ["call": "\(call)", "error": "\(error)"])
      }
      lines.append(LeftLine(call: call, identities: identities))
    }
    return lines
  }

  private func identities(of call: CallID) async throws -> [String] {
    let reading = try await store.journal.read(call)
    guard case .started(let start, _)? = reading.entries.first?.record else { return [] }
    let owner = start.person.map { DataOwner.person(start.tenant, $0) } ?? .call(start.tenant, start.call)
    var identities: [String] = []
    for case .remark(.lineIdentity(let identity)) in reading.entries.map(\.record) {
      if let text = try await store.vault.reveal(identity.token, owner: owner) { identities.append(text) }
    }
    return identities
  }
}
