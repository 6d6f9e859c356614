import Glibc
import TestSupport

/// What was measured of one workload.
struct Figure: Encodable {
  let name: String
  let unit: String
  /// CPU time of one operation, the median of all rounds.
  let nanoseconds: Double
  /// The middle half of the rounds lies between these.
  let quartiles: [Double]
  /// Over the suite's first workload, the median of the ratios of each round.
  let ratio: Double
  /// Heap allocations of one operation; nil where they cannot be counted.
  let allocations: Double?

  var perSecond: Double { 1e9 / nanoseconds }
}

/// What was measured of a suite.
struct Outcome: Encodable {
  let suite: String
  let input: String
  let figures: [Figure]
  let derived: [Derived]
}

/// Measures the workloads of a suite side by side: each round runs all of them, every other round backwards, so that
/// what slows the machine down for a while slows both sides of a ratio.
///
/// CPU time of this process is counted, not time that passes: neighbours on the machine cost less then.
struct Measurement {
  let rounds: Int
  /// How long a workload runs in each round.
  let slice: Double

  func run(_ suite: Suite) async throws -> Outcome {
    var passes: [Int] = []
    var allocated: [Double?] = []
    for workload in suite.workloads {
      allocated.append(try await allocations(of: workload))
      let once = try await seconds(of: workload, passes: 1)
      passes.append(max(1, Int(slice / max(once, 1e-7))))
    }
    var times = suite.workloads.map { _ in [Double]() }
    for round in 0..<rounds {
      let order = Array(suite.workloads.indices)
      for index in round.isMultiple(of: 2) ? order : order.reversed() {
        let workload = suite.workloads[index]
        let spent = try await seconds(of: workload, passes: passes[index])
        times[index].append(spent * 1e9 / Double(passes[index] * workload.operations))
      }
    }
    let figures = suite.workloads.indices.map { index in
      let sorted = times[index].sorted()
      let ratios = zip(times[index], times[0]).map { $0 / $1 }.sorted()
      return Figure(
        name: suite.workloads[index].name, unit: suite.workloads[index].unit, nanoseconds: sorted.at(0.5),
        quartiles: [sorted.at(0.25), sorted.at(0.75)], ratio: ratios.at(0.5), allocations: allocated[index])
    }
    return Outcome(suite: suite.name, input: suite.input, figures: figures, derived: suite.derived(figures))
  }

  /// Of the second pass: the first one fills what is made lazily.
  private func allocations(of workload: Workload) async throws -> Double? {
    try await workload.prepare()
    guard case .here(let body) = workload.pass else {
      try await workload.run()
      return nil
    }
    try body()
    return try TestSupport.allocations(body).map { Double($0) / Double(workload.operations) }
  }

  private func seconds(of workload: Workload, passes: Int) async throws -> Double {
    var spent = 0.0
    for _ in 0..<passes {
      try await workload.prepare()
      let before = processorSeconds()
      try await workload.run()
      spent += processorSeconds() - before
    }
    return spent
  }
}

/// CPU time of all threads of this process.
private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension [Double] {
  /// The value below which a share of a sorted array lies.
  fileprivate func at(_ share: Double) -> Double { self[Int((Double(count - 1) * share).rounded())] }
}
