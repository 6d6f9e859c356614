import Core

/// A value a slot can hold, as far as an assistant's conditions can tell values apart.
enum AbstractValue: Hashable, Sendable {
  case nothing
  case known(SlotValue)
  /// Some value that no condition names.
  case other
  /// A yes that was given earlier, or for other values: it holds, and confirms nothing.
  case oldYes
}

/// Some of a slot's abstract values, one bit each.
struct ValueSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt64
  init(rawValue: UInt64) { self.rawValue = rawValue }
  init(member: Int) { rawValue = 1 << UInt64(member) }

  /// The slot is empty. Every domain has it at index 0.
  static let nothing = ValueSet(member: 0)

  var count: Int { rawValue.nonzeroBitCount }

  var members: [Int] {
    var rest = rawValue
    var found: [Int] = []
    while rest != 0 {
      found.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return found
  }
}

/// The abstract values of one slot: at most 64, so that a set of them is one word.
struct SlotDomain: Sendable {
  let definition: SlotDefinition
  let values: [AbstractValue]
  let isCategorical: Bool

  static let mostValues = 62

  /// `constants`: values that conditions, steps and tools name. `isConfirmation`: whether a yes can be out of date.
  /// `isExact`: there are no other numbers than these.
  init(_ definition: SlotDefinition, constants: [SlotValue], isConfirmation: Bool, isExact: Bool = false) {
    self.definition = definition
    var isCategorical = false
    var known: [SlotValue]
    var hasOther = true
    switch definition.type {
    case .bool: (known, hasOther) = ([.bool(true), .bool(false)], false)
    case .categorical(let names):
      isCategorical = true
      (known, hasOther) = (names.map { .text($0) }, names.count > Self.mostValues)
    case .float(let minimum, let maximum):
      let named = constants.compactMap(Comparing.number)
      known = (isExact ? Set(named).sorted() : Self.numbers(named, minimum, maximum)).map { .number($0) }
      hasOther = known.isEmpty
    case .text: known = Self.distinct(constants.compactMap { $0.revealedText.map { .text($0) } })
    case .any: known = Self.distinct(constants)
    case .list: known = [.list([])]
    }
    if known.count > Self.mostValues {
      known = Array(known.prefix(Self.mostValues))
      hasOther = true
    }
    self.isCategorical = isCategorical
    values =
      [.nothing] + known.map { .known($0) } + (hasOther ? [.other] : []) + (isConfirmation ? [.oldYes] : [])
  }

  private static func distinct(_ values: [SlotValue]) -> [SlotValue] {
    var seen: Set<SlotValue> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// The numbers conditions name, and one number between, below and above them, within the bounds.
  private static func numbers(_ named: [Double], _ minimum: Double?, _ maximum: Double?) -> [Double] {
    let low = minimum ?? -.infinity
    let high = maximum ?? .infinity
    let sorted = Set(named).sorted().filter { $0 >= low && $0 <= high }
    guard let first = sorted.first, let last = sorted.last else { return [] }
    var found: [Double] = []
    if low < first { found.append(first - 1 >= low ? first - 1 : (low + first) / 2) }
    for (index, number) in sorted.enumerated() {
      found.append(number)
      if index + 1 < sorted.count {
        found.append(sorted[index + 1] - number > 1 ? number + 1 : (number + sorted[index + 1]) / 2)
      }
    }
    if high > last { found.append(last + 1 <= high ? last + 1 : (last + high) / 2) }
    return found
  }

  /// Every value that answers, tools and steps can put there.
  var filled: ValueSet {
    var set = ValueSet()
    for (index, value) in values.enumerated() where value != .nothing && value != .oldYes {
      set.formUnion(ValueSet(member: index))
    }
    return set
  }

  /// What a yes of an earlier time is here; empty when the slot confirms nothing.
  var oldYes: ValueSet { index(of: .oldYes).map { ValueSet(member: $0) } ?? [] }

  /// The yes that was just given.
  var freshYes: ValueSet { self.set(of: .bool(true)) }

  func index(of value: AbstractValue) -> Int? { values.firstIndex(of: value) }

  /// Where a value lies; all that is filled when it lies nowhere.
  func set(of value: SlotValue?) -> ValueSet {
    guard let value else { return .nothing }
    for (index, member) in values.enumerated() {
      if case .known(let known) = member, Comparing.areEqual(known, value, ignoringCase: isCategorical) {
        return ValueSet(member: index)
      }
    }
    return index(of: .other).map { ValueSet(member: $0) } ?? filled
  }

  /// Whether a condition's literal is told apart from all others.
  func names(_ value: SlotValue) -> Bool {
    values.contains {
      if case .known(let known) = $0 { Comparing.areEqual(known, value, ignoringCase: isCategorical) } else { false }
    }
  }

  /// A yes that was given before the journey began confirms nothing in it.
  func aged(_ set: ValueSet) -> ValueSet {
    guard !oldYes.isEmpty, !set.isDisjoint(with: freshYes) else { return set }
    return set.subtracting(freshYes).union(oldYes)
  }
}
