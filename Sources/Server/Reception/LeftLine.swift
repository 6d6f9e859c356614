internal import Core
internal import Logging

/// A call that a crash left without an end, with what its line needs to say goodbye.
struct LeftLine: Sendable {
  let call: CallID
  /// As the line wrote it last; a caller's data. Nil when nobody can be told.
  let identity: String?
}

extension StorageFloor {
  /// The calls of runs that are gone, oldest first. One that cannot be read is told and still listed: it is closed all the same.
  func leftLines(logger: Logger) async -> [LeftLine] {
    let calls: [CallID]
    do {
      calls = try await store.callsLeft()
    } catch {
      logger.error("calls of an earlier run could not be looked up", metadata: ["error": "\(error)"])
      return []
    }
    var lines: [LeftLine] = []
    for call in calls {
      var identity: String?
      do {
        identity = try await self.identity(of: call)
      } catch {
        logger.error(
          "a call of an earlier run cannot be read; its line is told nothing",
          metadata: ["call": "\(call)", "error": "\(error)"])
      }
      lines.append(LeftLine(call: call, identity: identity))
    }
    return lines
  }

  /// A dialog moves while it lasts: only what its line wrote last reaches the other side.
  private func identity(of call: CallID) async throws -> String? {
    let reading = try await store.reader.read(call)
    guard case .started(let start, _)? = reading.entries.first?.record else { return nil }
    let owner = start.person.map { DataOwner.person(start.tenant, $0) } ?? .call(start.tenant, start.call)
    let identities = reading.entries.compactMap { entry in
      if case .remark(.lineIdentity(let identity)) = entry.record { identity } else { nil }
    }
    guard let last = identities.last else { return nil }
    return try await store.vault.reveal(last.token, owner: owner)
  }
}
