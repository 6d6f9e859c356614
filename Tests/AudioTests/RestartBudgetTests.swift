import Core
import Testing

@testable import Audio

/// How often a stream may begin anew, at instants of its call.
struct RestartBudgetTests {
  /// How many of twenty at once are taken.
  private static func taken(of budget: inout RestartBudget, at instant: CallInstant) -> Int {
    (0..<20).count { _ in budget.take(at: instant) }
  }

  @Test func `eight are taken at once, and one for each second after that`() {
    var budget = RestartBudget()
    let counts = [0, 999, 1_000, 1_999, 2_000, 5_000].map { Self.taken(of: &budget, at: milliseconds($0)) }
    #expect(counts == [8, 0, 1, 0, 1, 3])
  }

  @Test func `the first second begins with the first that is taken, however long the call has lasted`() {
    var budget = RestartBudget()
    let counts = [100_900, 101_000, 101_899, 101_900].map { Self.taken(of: &budget, at: milliseconds($0)) }
    #expect(counts == [8, 0, 0, 1])
  }

  @Test func `a long time without any saves up no more than eight`() {
    var budget = RestartBudget()
    let first = budget.take(at: .zero)
    #expect(first)
    let counts = [1_000_000, 1_000_000, 1_001_000].map { Self.taken(of: &budget, at: milliseconds($0)) }
    #expect(counts == [8, 0, 1])
  }
}
