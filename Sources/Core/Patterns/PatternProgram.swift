/// The automaton of an expression, and its simulation: at each character all places it may be at are held at once.
struct PatternProgram: Sendable {
  private enum Instruction: Sendable {
    case one(PatternMember)
    case assertion(PatternAssertion)
    /// Goes on at both.
    case split(Int, Int)
    case jump(Int)
    case matched
  }
  private var instructions: [Instruction] = []

  init(_ node: PatternNode) throws(TextPatternError) {
    try write(node)
    try append(.matched)
  }

  private mutating func append(_ instruction: Instruction) throws(TextPatternError) {
    guard instructions.count < TextPattern.largestProgram else {
      throw TextPatternError(
        1, "the expression is too large when its repetitions are written out",
        hint: "repeat less: at most \(TextPattern.largestProgram) characters in all, such as `\\d{1,40}`")
    }
    instructions.append(instruction)
  }

  private mutating func write(_ node: PatternNode) throws(TextPatternError) {
    switch node {
    case .empty: break
    case .one(let member): try append(.one(member))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let parts): for part in parts { try write(part) }
    case .choice(let parts):
      var ends: [Int] = []
      for (index, part) in parts.enumerated() {
        guard index < parts.count - 1 else {
          try write(part)
          break
        }
        let split = instructions.count
        try append(.split(split + 1, 0))
        try write(part)
        ends.append(instructions.count)
        try append(.jump(0))
        instructions[split] = .split(split + 1, instructions.count)
      }
      for end in ends { instructions[end] = .jump(instructions.count) }
    case .repeated(let inner, let least, let most):
      for _ in 0..<least {
        let before = instructions.count
        try write(inner)
        if instructions.count == before { break }
      }
      guard let most else {
        let split = instructions.count
        try append(.split(split + 1, 0))
        try write(inner)
        try append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(instructions.count)
        try append(.split(instructions.count + 1, 0))
        try write(inner)
      }
      for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
  }

  /// Whether the expression matches; `whole` from the first to the last character.
  func matches(_ text: [Character], whole: Bool) -> Bool {
    var now = Places(count: instructions.count)
    var next = Places(count: instructions.count)
    for position in 0...text.count {
      if position == 0 || !whole { add(0, at: position, in: text, to: &now) }
      for place in now.places {
        switch instructions[place] {
        case .matched where !whole || position == text.count: return true
        case .one(let member) where position < text.count && member.contains(text[position]):
          add(place + 1, at: position + 1, in: text, to: &next)
        default: break
        }
      }
      swap(&now, &next)
      next.clear()
      if whole, now.places.isEmpty { return false }
    }
    return false
  }

  /// Adds a place and all that follow from it without a character.
  private func add(_ place: Int, at position: Int, in text: [Character], to places: inout Places) {
    places.open.append(place)
    while let place = places.open.popLast() {
      guard places.insert(place) else { continue }
      switch instructions[place] {
      case .jump(let target): places.open.append(target)
      case .split(let first, let second):
        places.open.append(second)
        places.open.append(first)
      case .assertion(let assertion):
        if Self.holds(assertion, at: position, in: text) { places.open.append(place + 1) }
      case .one, .matched: break
      }
    }
  }

  private static func holds(_ assertion: PatternAssertion, at position: Int, in text: [Character]) -> Bool {
    func isWord(_ index: Int) -> Bool { text.indices.contains(index) && PatternMember.isWord(text[index]) }
    switch assertion {
    case .start: return position == 0
    case .end: return position == text.count
    case .wordEdge: return isWord(position - 1) != isWord(position)
    case .noWordEdge: return isWord(position - 1) == isWord(position)
    }
  }

  /// A set of places that is emptied at no cost.
  private struct Places {
    private(set) var places: [Int] = []
    /// Those that are still to be followed.
    var open: [Int] = []
    private var marks: [Int]
    private var round = 1

    init(count: Int) { marks = Array(repeating: 0, count: count) }

    mutating func insert(_ place: Int) -> Bool {
      guard marks[place] != round else { return false }
      marks[place] = round
      places.append(place)
      return true
    }

    mutating func clear() {
      places.removeAll(keepingCapacity: true)
      round += 1
    }
  }
}
