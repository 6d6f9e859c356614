public import Core

/// What callers waited for over many turns: percentiles by class of turn, and the parts of the wait.
public struct LatencyReport: Hashable, Sendable, Encodable {
  /// Whole milliseconds that half, nineteen of twenty and all turns stayed within.
  public struct Spread: Hashable, Sendable, Encodable {
    /// The median.
    public let p50: Int
    /// Nineteen of twenty.
    public let p95: Int
    /// The longest.
    public let max: Int

    /// Of at least one length.
    init(_ spans: [CallSpan]) {
      let sorted = spans.map(\.milliseconds).sorted()
      // The nearest rank.
      func rank(_ percent: Int) -> Int { sorted[Swift.max(0, (sorted.count * percent + 99) / 100 - 1)] }
      (p50, p95, max) = (rank(50), rank(95), rank(100))
    }
  }

  /// Turns of one class.
  public struct Row: Hashable, Sendable, Encodable {
    /// The class.
    public let kind: TurnClass
    /// How many turns.
    public let turns: Int
    /// Whole milliseconds a caller should wait at most.
    public let budget: Int
    /// In how many turns something was heard in time.
    public let withinBudget: Int
    /// From the caller's last sound to the answer's first.
    public let total: Spread
    /// What was waited for.
    public let parts: [LatencyPart: Spread]
    /// How long stages took, waited for or not.
    public let work: [LatencyPart: Spread]
  }

  /// A row for each class of which there are turns.
  public let classes: [Row]

  /// The report of these turns.
  public init(_ timings: [TurnTiming]) {
    classes = TurnClass.allCases.compactMap { kind in
      let these = timings.filter { $0.kind == kind }
      return these.isEmpty ? nil : Row(kind, these)
    }
  }
}

extension LatencyReport.Row {
  fileprivate init(_ kind: TurnClass, _ timings: [TurnTiming]) {
    func spreads(_ spans: KeyPath<TurnTiming, [LatencyPart: CallSpan]>) -> [LatencyPart: LatencyReport.Spread] {
      Dictionary(grouping: timings.flatMap { Array($0[keyPath: spans]) }, by: \.key)
        .mapValues { LatencyReport.Spread($0.map(\.value)) }
    }
    self.init(
      kind: kind, turns: timings.count, budget: kind.budget.milliseconds,
      withinBudget: timings.count(where: \.isWithinBudget), total: LatencyReport.Spread(timings.map(\.total)),
      parts: spreads(\.parts), work: spreads(\.work))
  }
}
