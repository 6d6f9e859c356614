internal import Calls
internal import Conversation
internal import Core
internal import Language
internal import Logging
internal import NIOCore

/// The end of calls that a crash left in a dialog that nobody serves: each caller is told so in the assistant's voice, and then BYE,
/// which is all where nothing can be said. Each journal gets an end, so that this is done once.
struct Farewells: Sendable {
  /// Lines at a time: they share loops and ports with new callers.
  private static let atOnce = 16
  /// How long a line's coming back is waited for.
  private static let patience = CallSpan.seconds(4)
  /// When this is over, the callers that are left are told BYE alone: nobody listens to silence for long.
  private static let longest = Duration.seconds(30)

  let door: any LegSource
  let switchboard: Switchboard
  let storage: StorageFloor
  /// Where the sound of lines lives.
  let loops: any EventLoopGroup
  let logger: Logger

  /// Returns when every line is over.
  func say(to left: [LeftLine]) async {
    // Whom the server had dialled hears nobody any more, or rings for nothing, and is not kept waiting for any caller's word.
    for line in left { for identity in line.dialled { door.release(identity: identity) } }
    let words = words(for: left)
    await withTaskGroup(of: Void.self) { group in
      for word in words.values { group.addTask { await word.prepare() } }
    }
    let end = ContinuousClock.now + Self.longest
    await withTaskGroup(of: Void.self) { group in
      for (index, line) in left.enumerated() {
        if index >= Self.atOnce { await group.next() }
        group.addTask { await leave(line, with: words[version(of: line)], before: end) }
      }
    }
  }

  private func leave(_ line: LeftLine, with word: LastWord?, before end: ContinuousClock.Instant) async {
    logger.notice(
      "ending a call that a crash left open", metadata: ["call": "\(line.call)", "dialled": "\(line.dialled.count)"])
    if let identity = line.identity {
      let outcome = await part(identity, with: word, before: end)
      logger.notice(
        "a caller whom a crash left was told so",
        metadata: ["call": "\(line.call)", "word": "\(outcome?.rawValue ?? "none")"])
    }
    do {
      try await storage.store.conclude(line.call, with: .abandoned)
    } catch {
      logger.error(
        "a call of an earlier run could not be closed", metadata: ["call": "\(line.call)", "error": "\(error)"])
    }
  }

  /// Nil where BYE was all.
  private func part(_ identity: String, with word: LastWord?, before end: ContinuousClock.Instant) async
    -> LastWord.Outcome?
  {
    guard let word, ContinuousClock.now < end, !switchboard.isDraining else {
      door.release(identity: identity)
      return nil
    }
    let loop = loops.next()
    do {
      return try await word.say(on: loop) { deliver in
        try await door.takeUp(identity: identity, within: Self.patience, on: loop, deliver: deliver)
      }
    } catch {
      logger.warning("nothing could be said to a caller whom a crash left", metadata: ["error": "\(error)"])
      door.release(identity: identity)
      return nil
    }
  }

  /// What the assistants that answer now say, by their version.
  private func words(for left: [LeftLine]) -> [AssistantVersion?: LastWord] {
    var words: [AssistantVersion?: LastWord] = [:]
    for line in left {
      guard let assistant = route(of: line)?.assistant, let voice = assistant.voice else { continue }
      let definition = assistant.prepared.definition
      let sentences = ConstantSentences.of("utter_restarted", in: definition)
      if !sentences.isEmpty { words[definition.version] = LastWord(sentences, by: voice) }
    }
    return words
  }

  private func route(of line: LeftLine) -> Switchboard.Route? { line.calledAddress.flatMap(switchboard.route) }

  private func version(of line: LeftLine) -> AssistantVersion? {
    route(of: line)?.assistant.prepared.definition.version
  }
}
