/// A part of the day that callers name beside an hour.
enum PartOfDay: Hashable, Sendable {
  case morning
  case afternoon
  case evening
  case night

  /// Whether an hour from one to twelve is meant before noon: twelve in the evening is midnight, and so are the hours behind it at
  /// night before noon.
  func isMorning(at hour: Int) -> Bool {
    switch self {
    case .morning: true
    case .afternoon: false
    case .evening: hour == 12
    case .night: hour == 12 || hour <= Self.lastOfNight
    }
  }

  private static let lastOfNight = 5
}
