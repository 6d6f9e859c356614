import Testing

@testable import Signalling

/// A book under a clock that is moved by hand.
private final class Streams {
  var book: StreamBook
  var now = Duration.zero
  var used: Set<UInt64> = []
  var searches = 0

  init(_ change: (inout StreamLimits) -> Void = { _ in }) {
    var limits = StreamLimits()
    (limits.accepted, limits.ofKnown, limits.strangers, limits.ofStranger) = (6, 4, 2, 1)
    change(&limits)
    book = StreamBook(limits: limits)
  }

  func accept(_ source: UInt32, isKnown: Bool = true) -> StreamBook.Admission? {
    book.accept(IPAddress(v4: source), isKnown: isKnown, at: now) {
      searches += 1
      return used
    }
  }
  func open(_ source: UInt32) -> UInt64 { book.open(IPAddress(v4: source), at: now) }
  func serve(_ id: UInt64) { book.served(id, at: now) }
  func stir(_ id: UInt64) { book.stirred(id, at: now) }
  func isOver(_ id: UInt64, isKnown: Bool = true, isMidMessage: Bool = false) -> Bool {
    book.isOverdue(id, isKnown: isKnown, isMidMessage: isMidMessage, at: now)
  }
}

@Suite struct StreamBookTests {
  @Test(arguments: [true, false])
  func `a connection without a message ends soon, whatever else comes over it`(isKnown: Bool) throws {
    let rig = Streams()
    let silent = try #require(rig.accept(1, isKnown: isKnown))
    let useful = try #require(rig.accept(2, isKnown: isKnown))
    rig.serve(useful.id)
    for second in 1...7 {
      rig.now = .seconds(second)
      rig.stir(silent.id)
      #expect(!rig.isOver(silent.id, isKnown: isKnown))
    }
    rig.now = .seconds(8)
    #expect(rig.isOver(silent.id, isKnown: isKnown) && rig.isOver(silent.id, isKnown: isKnown, isMidMessage: true))
    #expect(!rig.isOver(useful.id, isKnown: isKnown))
  }

  @Test func `a connection of ours may be silent, and one that was of use for an hour`() throws {
    let rig = Streams()
    let ours = rig.open(1)
    let useful = try #require(rig.accept(2))
    let strange = try #require(rig.accept(3, isKnown: false))
    for id in [useful.id, strange.id] { rig.serve(id) }
    rig.now = .seconds(60)
    #expect(!rig.isOver(ours) && !rig.isOver(useful.id) && rig.isOver(strange.id, isKnown: false))
    rig.now = .seconds(3_599)
    #expect(!rig.isOver(ours) && !rig.isOver(useful.id))
    rig.stir(useful.id)
    rig.now = .seconds(3_600)
    #expect(rig.isOver(ours) && !rig.isOver(useful.id))
    rig.now += .seconds(32)
    #expect(rig.isOver(useful.id, isMidMessage: true) && !rig.isOver(useful.id))
    rig.book.close(useful.id)
    #expect(rig.isOver(useful.id))
  }

  @Test func `a source that has its share gives up what was of use least recently, never what carries a call`() throws {
    let rig = Streams()
    let ids = try (0..<4).map { second in
      rig.now = .seconds(second)
      return try #require(rig.accept(1)).id
    }
    for (second, id) in [0, 2, 1].enumerated() {
      rig.now = .seconds(4 + second)
      rig.serve(ids[id])
    }
    #expect(rig.accept(1) == nil, "none is old enough")
    rig.now = .seconds(20)
    for id in ids { rig.stir(id) }
    rig.used = [ids[0]]
    #expect(rig.accept(1)?.replaced == ids[3], "never of use")
    #expect(rig.accept(1)?.replaced == ids[2], "the older one carries a call")
    #expect(rig.accept(1)?.replaced == ids[1])
    #expect(rig.accept(1) == nil && rig.book.count == 4)
    rig.used = []
    rig.now += .seconds(1)
    #expect(rig.accept(1)?.replaced == ids[0], "the call is over")
  }

  @Test func `a full book makes room at the cost of who has most`() throws {
    let rig = Streams { $0.accepted = 5 }
    let modest = try #require(rig.accept(2))
    rig.now = .seconds(1)
    let many = try (0..<4).map { _ in try #require(rig.accept(1)).id }
    for id in [modest.id] + many { rig.serve(id) }
    rig.now = .seconds(30)
    #expect(rig.accept(3)?.replaced == many[0] && rig.accept(3)?.replaced == many[1])
    #expect(rig.book.count == 5)
    #expect(rig.accept(9, isKnown: false) == nil, "a stranger takes nobody's place")
  }

  @Test func `strangers have few places, and take nobody's`() throws {
    let rig = Streams()
    let first = try #require(rig.accept(1, isKnown: false))
    #expect(rig.accept(1, isKnown: false) == nil)
    #expect(rig.accept(2, isKnown: false) != nil && rig.accept(3, isKnown: false) == nil)
    rig.now = .seconds(100)
    #expect(rig.accept(3, isKnown: false) == nil && rig.book.count == 2)
    rig.book.introduce(first.id)
    rig.book.introduce(first.id)
    #expect(rig.accept(3, isKnown: false) != nil && rig.accept(4, isKnown: false) == nil)
    rig.book.close(first.id)
    rig.book.close(first.id)
    #expect(rig.book.count == 2 && rig.accept(4, isKnown: false) == nil)
  }

  @Test func `whoever asks for room in vain again and again costs little, and nobody else's time`() throws {
    let rig = Streams { $0.accepted = 4 }
    rig.used = Set(try (0..<4).map { _ in try #require(rig.accept(1)).id })
    rig.now = .seconds(10)
    for _ in 0..<50 { #expect(rig.accept(1) == nil) }
    #expect(rig.searches == 1)
    rig.used.removeFirst()
    #expect(rig.accept(2) != nil)
    rig.now += .milliseconds(100)
    #expect(rig.accept(2) == nil && rig.searches == 3)
  }

  @Test func `ours are not counted among those accepted, and make room for nobody`() throws {
    let rig = Streams { ($0.accepted, $0.ofKnown) = (2, 1) }
    for _ in 0..<5 { _ = rig.open(1) }
    let first = try #require(rig.accept(1))
    rig.now = .seconds(9)
    #expect(rig.accept(1)?.replaced == first.id && rig.book.count == 1)
  }
}
