import TestSupport
import Testing

@testable import Inference

@Suite("The waiting line of inference")
struct InferenceQueueTests {
  static let now = ContinuousClock.now
  static let later = now + .seconds(10)

  func entry(_ id: UInt64, _ priority: InferencePriority, _ deadline: ContinuousClock.Instant = later)
    -> InferenceQueue.Entry
  {
    .init(id: id, priority: priority, deadline: deadline)
  }

  func expect(
    _ entry: InferenceQueue.Entry, _ admission: InferenceQueue.Admission, _ queue: inout InferenceQueue,
    at location: SourceLocation = #_sourceLocation
  ) {
    let given = queue.push(entry)
    #expect(given == admission, sourceLocation: location)
  }

  @Test func `the most urgent leave first and equals in order of arrival`() {
    var queue = InferenceQueue(capacity: 8)
    let arrivals: [InferencePriority] = [.partial, .ordinary, .final, .firstSentence, .partial, .final]
    for (id, priority) in arrivals.enumerated() {
      let admission = queue.push(entry(UInt64(id), priority))
      #expect(admission == .accepted)
    }
    var order: [UInt64] = []
    while let next = queue.pop(now: Self.now).next { order.append(next.id) }
    #expect(order == [2, 5, 3, 1, 0, 4])
  }

  @Test func `a full line drops its oldest partial, even for a newer partial`() {
    var queue = InferenceQueue(capacity: 3)
    _ = queue.push(entry(1, .partial))
    _ = queue.push(entry(2, .partial))
    _ = queue.push(entry(3, .final))
    expect(entry(4, .partial), .displaced(1), &queue)
    expect(entry(5, .ordinary), .displaced(2), &queue)
    expect(entry(6, .final), .displaced(4), &queue)
  }

  @Test func `without partials the latest of the least urgent makes room, and equals are refused`() {
    var queue = InferenceQueue(capacity: 3)
    _ = queue.push(entry(1, .ordinary))
    _ = queue.push(entry(2, .ordinary))
    _ = queue.push(entry(3, .firstSentence))
    expect(entry(4, .ordinary), .refused, &queue)
    expect(entry(5, .partial), .refused, &queue)
    expect(entry(6, .firstSentence), .displaced(2), &queue)
    expect(entry(7, .final), .displaced(1), &queue)
    expect(entry(8, .final), .displaced(6), &queue)
    expect(entry(9, .firstSentence), .refused, &queue)
  }

  @Test func `work whose deadline passed is named and not given`() {
    var queue = InferenceQueue(capacity: 8)
    _ = queue.push(entry(1, .final, Self.now - .milliseconds(1)))
    _ = queue.push(entry(2, .partial, Self.now))
    _ = queue.push(entry(3, .partial))
    let (next, expired) = queue.pop(now: Self.now)
    #expect(next?.id == 3)
    #expect(expired == [1, 2])
    #expect(queue.count == 0)
  }

  @Test(arguments: 1...20)
  func `random traffic never overfills the line, loses nobody and serves no one before a more urgent one`(seed: UInt64)
  {
    var random = Seeded(seed)
    var queue = InferenceQueue(capacity: 5)
    var waiting: [UInt64: InferencePriority] = [:]
    for id in 1...400 as ClosedRange<UInt64> {
      switch random.next() % 4 {
      case 0, 1:
        let priority = InferencePriority.allCases[Int(random.next() % 4)]
        switch queue.push(entry(id, priority)) {
        case .accepted: waiting[id] = priority
        case .displaced(let other):
          let lost = waiting.removeValue(forKey: other)
          #expect(lost != nil)
          #expect(lost == .partial || lost.map { $0 < priority } == true)
          waiting[id] = priority
        case .refused:
          #expect(waiting.values.allSatisfy { $0 >= priority })
        }
      case 2:
        if let next = queue.pop(now: Self.now).next {
          let priority = waiting.removeValue(forKey: next.id)
          #expect(priority == next.priority)
          #expect(waiting.values.allSatisfy { $0 <= next.priority })
        } else {
          #expect(waiting.isEmpty)
        }
      default:
        if let some = waiting.keys.min() {
          let removals = [queue.remove(some), queue.remove(some)]
          #expect(removals == [true, false])
          waiting[some] = nil
        }
      }
      #expect(queue.count == waiting.count && queue.count <= 5)
      #expect(queue.urgentCount == waiting.values.count { $0 != .partial })
    }
  }
}
