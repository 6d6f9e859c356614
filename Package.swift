// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// One room of the house: a target under `Sources/`, what it may import of ours, and what it takes from outside.
/// DESIGN.md explains the floors; `Tests/HouseTests` checks that no import goes against an arrow.
struct Room {
  var name: String
  var imports: [String] = []
  var libraries: [Library] = []
  var kind: Kind = .library
  var tests = true
  var testImports: [String] = []
  var testLibraries: [Library] = []
  var resources: [Resource] = []
  /// Optimised in every build, also where the others are not. SwiftPM allows the flag in a package that is built itself or named by
  /// path, as `Benchmarks/` does, and refuses it in a dependency by version.
  var isOptimised = false

  enum Kind { case library, executable, c([LinkerSetting]), testSupport }
}

/// A product of a package we depend on, with the one place where its version is said.
struct Library: Hashable {
  var product: String
  var package: String
  var url: String
  var version: String

  static func nio(_ product: String) -> Library {
    Library(
      product: product, package: "swift-nio", url: "https://github.com/apple/swift-nio", version: "2.101.0")
  }
  static let logging = Library(
    product: "Logging", package: "swift-log", url: "https://github.com/apple/swift-log", version: "1.16.0")
  static let crypto = Library(
    product: "Crypto", package: "swift-crypto", url: "https://github.com/apple/swift-crypto", version: "4.5.0")
  static let httpClient = Library(
    product: "AsyncHTTPClient", package: "async-http-client",
    url: "https://github.com/swift-server/async-http-client", version: "1.37.0")
  static let hummingbird = Library(
    product: "Hummingbird", package: "hummingbird",
    url: "https://github.com/hummingbird-project/hummingbird", version: "2.28.0")
  static let grdb = Library(
    product: "GRDB", package: "GRDB.swift", url: "https://github.com/groue/GRDB.swift", version: "7.10.0")
  static let yams = Library(
    product: "Yams", package: "Yams", url: "https://github.com/jpsim/Yams", version: "6.2.0")
  static let arguments = Library(
    product: "ArgumentParser", package: "swift-argument-parser",
    url: "https://github.com/apple/swift-argument-parser", version: "1.8.0")
  static let lifecycle = Library(
    product: "ServiceLifecycle", package: "swift-service-lifecycle",
    url: "https://github.com/swift-server/swift-service-lifecycle", version: "2.13.0")
  static let signals = Library(
    product: "UnixSignals", package: "swift-service-lifecycle",
    url: "https://github.com/swift-server/swift-service-lifecycle", version: "2.13.0")
  static let histogram = Library(
    product: "Histogram", package: "hdrhistogram-swift",
    url: "https://github.com/HdrHistogram/hdrhistogram-swift", version: "0.2.0")
}

let rooms: [Room] = [
  // leaves: C behind a module map, no policy
  Room(name: "COnnxRuntime", kind: .c([.linkedLibrary("dl")]), tests: false),
  Room(
    name: "CFlite",
    kind: .c(["flite_cmu_us_kal", "flite_usenglish", "flite_cmulex", "flite", "m"].map { .linkedLibrary($0) }),
    tests: false),
  Room(name: "CSpeexDSP", kind: .c([.linkedLibrary("speexdsp")]), tests: false),
  Room(name: "CAllocationCounter", kind: .c([]), tests: false),
  // floor 0
  Room(name: "Core"),
  // floor 1, pure
  // A check of an assistant, and so every start of a server, reads hundreds of sentences; the tests of the house read many thousands.
  Room(name: "Language", imports: ["Core"], isOptimised: true),
  Room(name: "Audio", imports: ["Core", "CSpeexDSP"]),
  Room(name: "Signalling", imports: ["Core"]),
  Room(name: "Governance", imports: ["Core"]),
  Room(name: "Inference", imports: ["Core", "COnnxRuntime"]),
  // floor 2, pure
  Room(name: "Turns", imports: ["Core", "Language"]),
  Room(name: "Dialogue", imports: ["Core", "Language"]),
  // floor 3
  Room(
    name: "Conversation", imports: ["Core", "Language", "Turns", "Dialogue", "Governance"],
    testImports: ["Assistant", "ShopSupport"]),
  Room(
    name: "Assistant", imports: ["Core", "Language", "Dialogue", "Governance"], libraries: [.yams, .crypto],
    resources: ["domain", "patterns", "patterns_c13", "patterns_c16"].map { .embedInCode("Defaults/\($0).yml") }
      + [
        "assistant.yml", "domain.yml", "examples.yml", "greeting.yml", "opening_hours.yml", "readme.md", "server.yml",
        "speak_to_person.yml", "tests.yml", "where_we_are.yml",
      ].map { .embedInCode("Template/new_\($0)") }),
  Room(
    name: "Speech", imports: ["Core", "Language", "Audio", "Inference", "CFlite"], libraries: [.logging]),
  // Its training loops are what every start of a server waits for: unoptimised, system tests would do little else.
  Room(
    name: "Understanding", imports: ["Core", "Language", "Governance", "Inference"], libraries: [.crypto],
    isOptimised: true),
  Room(
    name: "Actions", imports: ["Core", "Governance"],
    libraries: [.httpClient, .nio("NIOCore"), .nio("NIOPosix"), .nio("NIOHTTP1"), .crypto], testImports: ["Storage"]),
  Room(
    name: "Telephony", imports: ["Core", "Audio", "Signalling"],
    libraries: [.nio("NIOCore"), .nio("NIOPosix"), .crypto, .logging]),
  Room(name: "Storage", imports: ["Core", "Governance"], libraries: [.grdb, .crypto]),
  // floor 4
  Room(
    name: "Calls", imports: ["Core", "Language", "Audio", "Governance", "Conversation"],
    libraries: [.nio("NIOCore"), .nio("NIOPosix"), .logging, .histogram], testImports: ["Assistant", "ShopSupport"],
    testLibraries: [.nio("NIOEmbedded")]),
  // floor 5
  Room(
    name: "Insight", imports: ["Core", "Language", "Governance"],
    testImports: ["Conversation", "Assistant", "ShopSupport"]),
  Room(
    name: "Rehearsal", imports: ["Core", "Language", "Dialogue", "Conversation", "Assistant"],
    testImports: ["Understanding", "ShopSupport"]),
  // floor 6
  Room(
    name: "Server",
    imports: [
      "Core", "Language", "Audio", "Signalling", "Governance", "Conversation", "Assistant", "Speech", "Understanding",
      "Actions", "Telephony", "Storage", "Calls", "Insight", "Inference", "Rehearsal",
    ],
    libraries: [
      .hummingbird, .lifecycle, .signals, .logging, .crypto, .yams, .nio("NIOCore"), .nio("NIOPosix"), .histogram,
    ], testImports: ["ShopSupport"], testLibraries: [.grdb]),
  // floor 7
  Room(
    name: "repartee", imports: ["Core", "Assistant", "Insight", "Inference", "Rehearsal", "Server"],
    libraries: [.arguments], kind: .executable, tests: false),
  // beside the tests
  Room(name: "TestSupport", imports: ["Core", "Audio", "CAllocationCounter"], kind: .testSupport, tests: false),
  Room(
    name: "ShopSupport", imports: ["Core", "Conversation", "Assistant", "TestSupport"], kind: .testSupport, tests: false
  ),
]

/// `REPARTEE_ROOMS=Signalling,Audio swift test --scratch-path .build-rooms` builds those rooms, what they import and
/// their tests, and fetches nothing they do not need. Without it: the whole house.
let chosen: Set<String> = {
  let all = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, $0) })
  guard let names = ProcessInfo.processInfo.environment["REPARTEE_ROOMS"] else { return Set(all.keys) }
  var found: Set<String> = ["TestSupport"]
  var open = ["TestSupport"] + names.split(separator: ",").map(String.init)
  while let name = open.popLast() {
    found.insert(name)
    open += (all[name].map { $0.imports + $0.testImports } ?? []).filter { !found.contains($0) }
  }
  return found
}()

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let present = rooms.filter { room in
  chosen.contains(room.name)
    && FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/" + room.name)
}
let presentNames = Set(present.map(\.name))

func dependencies(of room: Room) -> [Target.Dependency] {
  room.imports.filter(presentNames.contains).map { .target(name: $0) }
    + room.libraries.map { .product(name: $0.product, package: $0.package) }
}

var targets: [Target] = []
for room in present {
  switch room.kind {
  case .library, .testSupport:
    targets.append(
      .target(
        name: room.name, dependencies: dependencies(of: room),
        exclude: ["README.md"].filter { file in
          FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/\(room.name)/\(file)")
        }, resources: room.resources,
        swiftSettings: swiftSettings + (room.isOptimised ? [.unsafeFlags(["-O"])] : [])))
  case .executable:
    targets.append(
      .executableTarget(
        name: room.name, dependencies: dependencies(of: room),
        exclude: ["README.md"].filter { file in
          FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/\(room.name)/\(file)")
        }, swiftSettings: swiftSettings))
  case .c(let linker):
    targets.append(
      .target(
        name: room.name,
        exclude: ["README.md"].filter { file in
          FileManager.default.fileExists(atPath: Context.packageDirectory + "/Sources/\(room.name)/\(file)")
        }, linkerSettings: linker))
  }
  if room.tests, FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/\(room.name)Tests") {
    targets.append(
      .testTarget(
        name: room.name + "Tests",
        dependencies: [.target(name: room.name)]
          + (presentNames.contains("TestSupport") ? [.target(name: "TestSupport")] : [])
          + room.testImports.filter(presentNames.contains).map { .target(name: $0) } + dependencies(of: room)
          + room.testLibraries.map { .product(name: $0.product, package: $0.package) },
        resources: FileManager.default.fileExists(
          atPath: Context.packageDirectory + "/Tests/\(room.name)Tests/Fixtures") ? [.copy("Fixtures")] : [],
        swiftSettings: swiftSettings))
  }
}
if chosen.count == rooms.count,
  FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/HouseTests")
{
  targets.append(.testTarget(name: "HouseTests", swiftSettings: swiftSettings))
}

let needed = Set(present.flatMap { $0.libraries + $0.testLibraries })
var packages: [String: Package.Dependency] = [:]
for library in needed {
  packages[library.package] = .package(url: library.url, from: Version(stringLiteral: library.version))
}

/// The rooms that `Benchmarks/` measures, or measures with: a nested package sees products only.
let benchmarked = [
  "Core", "Language", "Audio", "Governance", "Dialogue", "Conversation", "Assistant", "Speech", "Calls", "Rehearsal",
  "TestSupport",
]

let package = Package(
  name: "repartee",
  products: (presentNames.contains("repartee") ? [.executable(name: "repartee", targets: ["repartee"])] : [])
    + benchmarked.filter(presentNames.contains).map { .library(name: $0, targets: [$0]) },
  dependencies: packages.sorted { $0.key < $1.key }.map(\.value),
  targets: targets
)
