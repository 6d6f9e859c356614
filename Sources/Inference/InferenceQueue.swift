/// How urgent a piece of inference is. The order is the order of service.
public enum InferencePriority: Int, Hashable, Sendable, Comparable, CaseIterable {
  /// A guess at words still being spoken. The first to be dropped; gives way to all else, also while it runs.
  case partial = 0
  /// What nobody waits for at this moment: later sentences, prompts ahead of time, embeddings of documents.
  case ordinary = 1
  /// Speech that the caller waits for.
  case firstSentence = 2
  /// The words of a finished turn, and the understanding of them: everything else waits for it.
  case final = 3

  /// Orders by urgency.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The bounded waiting line of the pool, pure: the most urgent first, in order of arrival among equals.
///
/// When it is full, room is made at the cost of the least urgent: the oldest partial (a newer one says more), else the
/// latest arrival of the lowest priority below the newcomer's. When there is none, the newcomer is refused.
struct InferenceQueue {
  struct Entry: Equatable {
    var id: UInt64
    var priority: InferencePriority
    var deadline: ContinuousClock.Instant
  }

  enum Admission: Equatable {
    case accepted
    /// Accepted, and this entry lost its place.
    case displaced(UInt64)
    case refused
  }

  let capacity: Int
  private var lines: [[Entry]]

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    lines = Array(repeating: [], count: InferencePriority.allCases.count)
  }

  var count: Int { lines.reduce(0) { $0 + $1.count } }

  /// How many wait that are more urgent than a partial.
  var urgentCount: Int { count - lines[InferencePriority.partial.rawValue].count }

  mutating func push(_ entry: Entry) -> Admission {
    defer { assert(count <= capacity) }
    guard count >= capacity else {
      lines[entry.priority.rawValue].append(entry)
      return .accepted
    }
    let partials = InferencePriority.partial.rawValue
    if let oldest = lines[partials].first {
      lines[partials].removeFirst()
      lines[entry.priority.rawValue].append(entry)
      return .displaced(oldest.id)
    }
    for line in 0..<entry.priority.rawValue {
      if let latest = lines[line].popLast() {
        lines[entry.priority.rawValue].append(entry)
        return .displaced(latest.id)
      }
    }
    return .refused
  }

  /// Takes the next entry whose deadline has not passed; names those it passed over because theirs had.
  mutating func pop(now: ContinuousClock.Instant) -> (next: Entry?, expired: [UInt64]) {
    var expired: [UInt64] = []
    for line in lines.indices.reversed() {
      while !lines[line].isEmpty {
        let entry = lines[line].removeFirst()
        if entry.deadline > now { return (entry, expired) }
        expired.append(entry.id)
      }
    }
    return (nil, expired)
  }

  /// Takes an entry out; false when it does not wait (any more).
  mutating func remove(_ id: UInt64) -> Bool {
    for line in lines.indices {
      if let place = lines[line].firstIndex(where: { $0.id == id }) {
        lines[line].remove(at: place)
        return true
      }
    }
    return false
  }

  /// Empties the line and names all who waited.
  mutating func removeAll() -> [UInt64] {
    defer { for line in lines.indices { lines[line].removeAll() } }
    return lines.flatMap { $0 }.map(\.id)
  }
}
