internal import Conversation
internal import Core
internal import Foundation
internal import Logging

/// A call that a crash left without an end, with what its line needs to say goodbye. Written conversations are not among them: who
/// wrote may come back to them.
struct LeftLine: Sendable {
  let call: CallID
  /// As the line wrote it last; a caller's data. Nil when nobody can be told.
  let identity: String?
  /// Of the legs that the server had dialled and joined with this one, as their lines wrote them last; callers' and persons' data.
  var dialled: [String] = []
  /// The number that was called last; nil when the journal cannot be read.
  let calledAddress: String?
}

extension StorageFloor {
  /// The calls of runs that are gone, oldest first, each told what the ledger knows of its changes. One that cannot be read is told and still listed: it is closed all the same.
  ///
  /// Calls that ended are told too where a change of theirs was in hand.
  ///
  /// Written conversations stay as they are as long as they can be gone on with; those to which nobody came back get their end
  /// here, once. Of every call only its landmarks are read, however long it was, unless it made changes.
  /// - Parameter now: the wall clock, milliseconds since the epoch.
  func leftLines(logger: Logger, now: Int64 = Date().millisecondsSinceEpoch) async -> [LeftLine] {
    let calls: [CallID]
    do {
      calls = try await store.callsLeft()
    } catch {
      logger.error("calls of an earlier run could not be looked up", metadata: ["error": "\(error)"])
      return []
    }
    await SettledChanges(store: store).tellEnded(logger: logger)
    var lines: [LeftLine] = []
    for call in calls {
      do {
        try await SettledChanges(store: store).tell(call)
      } catch {
        logger.error(
          "what became of the changes of an earlier run could not be written into its call",
          metadata: ["call": "\(call)", "error": "\(error)"])
      }
      var identity: String?
      var dialled: [String] = []
      var calledAddress: String?
      do {
        let entries = try await store.reader.landmarks(of: call)
        if Self.canBeGoneOnWith(entries) {
          if Absence(entries)?.isOver(at: now) == true {
            try await store.conclude(call, with: .expired)
            logger.notice("nobody came back to a conversation; it has ended", metadata: ["call": "\(call)"])
          }
          continue
        }
        calledAddress = Self.calledAddress(in: entries)
        identity = try await self.identity(in: entries)
        dialled = try await self.dialled(in: entries)
      } catch {
        logger.error(
          "a call of an earlier run cannot be read; its line is told nothing",
          metadata: ["call": "\(call)", "error": "\(error)"])
      }
      lines.append(LeftLine(call: call, identity: identity, dialled: dialled, calledAddress: calledAddress))
    }
    return lines
  }

  /// A dialog moves while it lasts: only what its line wrote last reaches the other side.
  private func identity(in entries: [JournalEntry]) async throws -> String? {
    guard case .started(let start, _)? = entries.first?.record else { return nil }
    let identities = entries.compactMap { entry in
      if case .remark(.lineIdentity(let identity)) = entry.record { identity } else { nil }
    }
    guard let last = identities.last else { return nil }
    return try await store.vault.reveal(last.token, owner: start.owner)
  }

  /// The dialogs of legs that were dialled since the caller's line joined last; those of an earlier line ended with it.
  private func dialled(in entries: [JournalEntry]) async throws -> [String] {
    guard case .started(let start, _)? = entries.first?.record else { return [] }
    var last: [LegID: Sensitive<String>] = [:]
    for entry in entries {
      switch entry.record {
      case .event(.attached): last = [:]
      case .remark(.legIdentity(let leg, let identity)): last[leg] = identity
      default: break
      }
    }
    var identities: [String] = []
    for (_, identity) in last.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if let text = try await store.vault.reveal(identity.token, owner: start.owner) { identities.append(text) }
    }
    return identities
  }

  private static func calledAddress(in entries: [JournalEntry]) -> String? {
    var address: String?
    for entry in entries {
      switch entry.record {
      case .started(let start, _): address = start.calledAddress
      case .event(.attached(let attachment)): address = attachment.calledAddress
      default: break
      }
    }
    return address
  }

  /// Whether the line that was there last was a written one: it may be joined by another.
  private static func canBeGoneOnWith(_ entries: [JournalEntry]) -> Bool {
    var channel: Channel?
    for entry in entries {
      switch entry.record {
      case .started(let start, _): channel = start.channel
      case .event(.attached(let attachment)): channel = attachment.channel
      default: break
      }
    }
    return channel == .chat
  }
}
