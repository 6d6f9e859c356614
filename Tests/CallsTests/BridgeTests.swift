import Audio
import Core
import NIOCore
import NIOEmbedded
import Synchronization
import TestSupport
import Testing

@testable import Calls

/// People whom the server rings, on ports that tell what they hear.
private final class FakeDialler: LegDialler {
  final class Person: Sendable {
    let line = FakeLine()
    let port = FakeMediaPort()
    let deliver: @Sendable (LineEvent) -> Void
    init(_ deliver: @escaping @Sendable (LineEvent) -> Void) { self.deliver = deliver }
  }

  private struct State {
    var people: [String: Person] = [:]
    var fails = false
    /// What a line tells before whoever dialled has it.
    var early: [LineEvent] = []
  }
  private let state: Mutex<State>

  init(fails: Bool = false, early: [LineEvent] = []) { state = Mutex(State(fails: fails, early: early)) }

  func person(_ place: String) -> Person? { state.withLock { $0.people[place] } }

  func dial(
    _ place: String, ringTimeout: CallSpan, on loop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg {
    let person = Person(deliver)
    let (fails, early) = state.withLock { state in
      state.people[place] = person
      return (state.fails, state.early)
    }
    if fails { throw FakeFailure() }
    for event in early { loop.execute { deliver(event) } }
    return DialledLeg(line: person.line) { person.port }
  }
}

@Suite struct `A caller handed over by the server` {
  private static let person = "person"
  private static let listener = "ear"

  /// A call whose caller asked for a person, who is being rung.
  private func handed(_ dialler: FakeDialler, listener: String? = nil) async throws -> Studio {
    let studio = try Studio(bridging: Bridging(dialler: dialler) { $0 == Self.person ? listener : nil })
    try await studio.greet()
    studio.port.press("0")
    await studio.pass(until: "a person is rung") { _ in dialler.person(Self.person) != nil }
    await studio.settle(until: "the leg is there") { await $0.call.hasPersonOrNobody }
    return studio
  }

  private func give(_ event: LineEvent, _ place: String, _ dialler: FakeDialler, _ studio: Studio) async throws {
    let person = try #require(dialler.person(place))
    try await studio.asCall { _ in person.deliver(event) }
  }

  private func outcomes(_ studio: Studio) -> [TransferOutcome] {
    studio.events.compactMap { if case .finished(_, .transfer(let it)) = $0 { it } else { nil } }
  }

  @Test func `is joined with the person, hears and is heard, and nothing of it is listened to`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.ringing, Self.person, dialler, studio)
    try await give(.connected, Self.person, dialler, studio)
    #expect(outcomes(studio).isEmpty, "who answers may be gone at once")
    await studio.pass(2_000)
    #expect(outcomes(studio) == [.accepted])
    await studio.pass(3_000)
    let person = try #require(dialler.person(Self.person))
    #expect(studio.port.peak == 0 && person.port.peak == 0)
    let lines = studio.journal.entries.count
    studio.port.callerLevel = 4_000
    await studio.pass(2_000)
    #expect(person.port.peak == 4_000 && studio.port.peak == 0)
    person.port.callerLevel = 3_000
    await studio.pass(100)
    #expect(studio.port.peak == 3_000)
    // What two people say to each other is neither recognised nor written down, and keys are not for us.
    studio.port.press("1")
    await studio.pass(500)
    #expect(studio.journal.entries.count == lines && studio.recognizer.finals.asked.isEmpty)
    #expect(studio.line.told == [.answer], "not asked to transfer, not hung up")
  }

  @Test func `who hangs up lets the person go`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    try await studio.give(.ended(by: .caller))
    #expect(dialler.person(Self.person)?.line.told == [.hangUp])
    #expect(studio.events.last == .hungUp(by: .caller))
    #expect(studio.ends.entries.count == 1)
  }

  @Test func `is let go when the person hangs up`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    await studio.pass(2_000)
    try await give(.ended(by: .caller), Self.person, dialler, studio)
    #expect(studio.line.told == [.answer, .hangUp])
    try await studio.give(.ended(by: .agent))
    #expect(studio.events.last == .hungUp(by: .person))
    #expect(studio.ends.entries.count == 1)
  }

  @Test func `whose line never says that it has ended is over all the same`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    await studio.pass(2_000)
    try await give(.ended(by: .caller), Self.person, dialler, studio)
    await studio.pass(41_000)
    #expect(studio.events.last == .hungUp(by: .person) && studio.ends.entries.count == 1)
  }

  @Test(arguments: DialOutcome.allCases)
  func `hears how it went when nobody takes the call`(_ outcome: DialOutcome) async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.failed(outcome), Self.person, dialler, studio)
    try await give(.ended(by: .line), Self.person, dialler, studio)
    #expect(outcomes(studio) == [outcome.transferOutcome])
    let before = studio.utterances.count
    await studio.pass(until: "something is said") { $0.utterances.count > before }
  }

  @Test func `is told when nobody can be rung at all`() async throws {
    let studio = try await handed(FakeDialler(fails: true))
    #expect(outcomes(studio) == [.unreachable])
  }

  @Test func `who is gone before the person answers is not waited for`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await studio.give(.ended(by: .caller))
    #expect(dialler.person(Self.person)?.line.told == [.hangUp])
    try await give(.connected, Self.person, dialler, studio)
    #expect(outcomes(studio).isEmpty && studio.ends.entries.count == 1)
  }

  @Test func `is joined with a person who answers before there is a leg`() async throws {
    let dialler = FakeDialler(early: [.ringing, .connected])
    let studio = try await handed(dialler)
    await studio.pass(2_000)
    await studio.settle(until: "the person has the call") { outcomes($0) == [.accepted] }
  }

  @Test func `and the person are listened to; whispers are for the person, words for both`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler, listener: Self.listener)
    try await give(.connected, Self.person, dialler, studio)
    await studio.settle(until: "the listener is rung") { _ in dialler.person(Self.listener) != nil }
    await studio.pass(3_000)
    try await give(.connected, Self.listener, dialler, studio)
    let (person, ear) = (try #require(dialler.person(Self.person)), try #require(dialler.person(Self.listener)))
    studio.port.callerLevel = 1_000
    person.port.callerLevel = 2_000
    ear.port.callerLevel = 500
    func heard() async -> [Int16] {
      await studio.pass(100)
      return [studio.port.peak, person.port.peak, ear.port.peak]
    }
    #expect(await heard() == [2_000, 1_000, 3_000])
    ear.port.press("5")
    #expect(await heard() == [2_000, 1_500, 3_000])
    ear.port.press("6")
    #expect(await heard() == [2_500, 1_500, 3_000])
    ear.port.press("4")
    #expect(await heard() == [2_000, 1_000, 3_000])
    // Only the listener steers, and who listens may go.
    person.port.press("6")
    #expect(await heard() == [2_000, 1_000, 3_000])
    try await give(.ended(by: .caller), Self.listener, dialler, studio)
    let last = ear.port.pushes
    #expect(await heard().prefix(2) == [2_000, 1_000] && ear.port.pushes == last)
    try await studio.give(.ended(by: .caller))
    #expect(person.line.told == [.hangUp])
  }

  @Test(arguments: [true, false]) func `is not kept waiting for a side that sends nothing any more`(_ isPerson: Bool)
    async throws
  {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    let person = try #require(dialler.person(Self.person))
    (isPerson ? person.port : studio.port).isMute = true
    await studio.pass(59_000)
    #expect(studio.line.told == [.answer] && person.line.told.isEmpty)
    await studio.pass(2_000)
    #expect(studio.line.told == [.answer, .hangUp])
    #expect(person.line.told == (isPerson ? [.hangUp] : []))
    try await studio.give(.ended(by: .agent))
    #expect(studio.events.last == .hungUp(by: isPerson ? .person : .line))
    #expect(person.line.told == [.hangUp] && studio.ends.entries.count == 1)
  }

  @Test func `hears what the network plays while it rings`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    await studio.pass(3_000)
    try await give(.ringing, Self.person, dialler, studio)
    dialler.person(Self.person)?.port.callerLevel = 700
    await studio.pass(100)
    #expect(studio.port.peak == 700)
    #expect(outcomes(studio).isEmpty)
  }

  @Test func `lets a person go who rings for longer than anybody waits`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    let person = try #require(dialler.person(Self.person))
    await studio.pass(until: "the transfer is late") {
      $0.events.contains { if case .timerFired(.work(.transfer)) = $0 { true } else { false } }
    }
    #expect(person.line.told == [.hangUp] && studio.said.contains("nobody picked up"))
    try await give(.connected, Self.person, dialler, studio)
    #expect(outcomes(studio).isEmpty && studio.ends.entries.isEmpty)
  }

  @Test func `comes back to the assistant when the person answers and is gone at once`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    await studio.pass(1_900)
    let before = studio.utterances.count
    try await give(.ended(by: .person), Self.person, dialler, studio)
    #expect(outcomes(studio) == [.declined])
    #expect(studio.line.told == [.answer], "nobody hangs up on the caller")
    await studio.pass(until: "something is said") { $0.utterances.count > before }
    // And is heard again.
    await studio.pass(until: "the agent listens") { $0.port.peak == 0 && $0.playbacks.last?.state == .finished }
    await studio.speak(1_000)
    await studio.pass(until: "words are asked for") { !$0.recognizer.finals.asked.isEmpty }
    await studio.pass(3_000)
    #expect(studio.ends.entries.isEmpty && outcomes(studio) == [.declined])
  }

  @Test func `is the person's as soon as the person is heard, or in five seconds`() async throws {
    for isSilent in [true, false] {
      let dialler = FakeDialler()
      let studio = try await handed(dialler)
      let person = try #require(dialler.person(Self.person))
      person.port.isMute = true
      try await give(.connected, Self.person, dialler, studio)
      await studio.pass(2_500)
      #expect(outcomes(studio).isEmpty)
      person.port.isMute = isSilent
      await studio.pass(40)
      #expect(outcomes(studio) == (isSilent ? [] : [.accepted]))
      await studio.pass(2_460)
      #expect(outcomes(studio) == [.accepted])
    }
  }

  @Test(arguments: [LineEvent.connected, .failed(.busy)])
  func `hears a tone while it rings, until somebody answers or is given up`(_ end: LineEvent) async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    let person = try #require(dialler.person(Self.person))
    person.port.isMute = true
    await studio.pass(3_000)
    #expect(studio.port.peak == 0, "not before it rings")
    try await give(.ringing, Self.person, dialler, studio)
    await studio.pass(20)
    #expect(studio.port.peak > 3_000)
    await studio.pass(1_000)
    #expect(studio.port.peak == 0)
    await studio.pass(4_000)
    #expect(studio.port.peak > 3_000)
    try await give(end, Self.person, dialler, studio)
    let before = studio.port.soundingFrames
    await studio.pass(20)
    #expect(end != .connected || studio.port.soundingFrames == before, "no frame of it is left")
    if end == .connected { await studio.pass(6_000) }
    #expect(end != .connected || studio.port.soundingFrames == before)
  }

  @Test func `hears the network in place of the tone`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    let person = try #require(dialler.person(Self.person))
    person.port.isMute = true
    await studio.pass(3_000)
    try await give(.ringing, Self.person, dialler, studio)
    await studio.pass(100)
    person.port.isMute = false
    person.port.callerLevel = 700
    await studio.pass(40)
    #expect(studio.port.peak == 700)
    await studio.pass(5_000)
    #expect(studio.port.peak == 700)
    try await give(.ringing, Self.person, dialler, studio)
    await studio.pass(40)
    #expect(studio.port.peak == 700, "nor behind it")
  }

  @Test func `is rung for longer than a silent telephone is waited for in a call`() async throws {
    let dialler = FakeDialler()
    let studio = try Studio(bridging: Bridging(dialler: dialler) { _ in nil })
    try await studio.greet()
    try await studio.asCall { call in
      call.perform(
        .work(.transfer(TransferRequest(effect: EffectID(71), destination: "support", ringTimeout: .seconds(90)))))
    }
    await studio.settle(until: "the leg is there") { await $0.call.hasPersonOrNobody }
    let person = try #require(dialler.person(Self.person))
    person.port.isMute = true
    try await give(.ringing, Self.person, dialler, studio)
    await studio.pass(61_000)
    #expect(person.line.told.isEmpty)
  }

  @Test func `has the network's word in the journal, before the outcome`() async throws {
    let busy = NetworkStatus(486, "Busy Here")
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.status(busy), Self.person, dialler, studio)
    try await give(.failed(.busy), Self.person, dialler, studio)
    func place(_ fits: (JournalRecord) -> Bool) -> Int? { studio.records.firstIndex(where: fits) }
    let remark = try #require(
      place { if case .remark(.handOver(_, .busy, busy)) = $0 { true } else { false } })
    let event = try #require(place { if case .event(.finished(.transfer, _)) = $0 { true } else { false } })
    #expect(remark == event - 1)
    // Also where the caller's own line is asked.
    let other = try Studio()
    try await other.greet()
    try await other.asCall { call in
      call.perform(
        .work(.transfer(TransferRequest(effect: EffectID(71), destination: "support", ringTimeout: .seconds(20)))))
    }
    try await other.give(.status(NetworkStatus(603, "Decline")))
    try await other.give(.transferFinished(.declined))
    #expect(
      other.records.contains(.remark(.handOver(EffectID(71), .declined, NetworkStatus(603, "Decline")))))
  }

  @Test func `and the person leave what a later run needs to end both`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    func kept() -> [LegID] {
      studio.records.compactMap { if case .remark(.legIdentity(let leg, _)) = $0 { leg } else { nil } }
    }
    #expect(kept().count == 1, "also before it rings")
    try await give(.ringing, Self.person, dialler, studio)
    try await give(.moved, Self.person, dialler, studio)
    #expect(kept().count == 2, "the INVITE went out once more")
    try await give(.connected, Self.person, dialler, studio)
    try await give(.moved, Self.person, dialler, studio)
    #expect(kept().count == 4 && Set(kept()).count == 1 && kept()[0].rawValue.hasSuffix("-person"))
    #expect(studio.records.count { if case .remark(.lineIdentity) = $0 { true } else { false } } == 1)
  }

  @Test func `is handed over again when the line never told how the first time ended`() async throws {
    let studio = try Studio()
    try await studio.greet()
    try await studio.asCall { call in
      for number in [71, 72] {
        call.perform(
          .work(
            .transfer(TransferRequest(effect: EffectID(number), destination: "support", ringTimeout: .seconds(20)))))
      }
    }
    let address = FakeLine.Told.transfer("sip:person@example.org")
    #expect(studio.line.told == [.answer, address, address] && outcomes(studio).isEmpty)
  }

  @Test func `on hold is heard by nobody`() async throws {
    let dialler = FakeDialler()
    let studio = try await handed(dialler)
    try await give(.connected, Self.person, dialler, studio)
    await studio.pass(3_000)
    studio.port.callerLevel = 1_000
    try await studio.give(.held(true))
    await studio.pass(100)
    #expect(dialler.person(Self.person)?.port.peak == 0)
    try await studio.give(.held(false))
    await studio.pass(100)
    #expect(dialler.person(Self.person)?.port.peak == 1_000)
  }
}

extension Session {
  /// Whether the person's leg is there, or nobody is rung any more.
  fileprivate var hasPersonOrNobody: Bool { bridge.map { $0.leg($0.person) != nil } ?? true }
}
