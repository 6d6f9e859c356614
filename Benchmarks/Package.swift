// swift-tools-version: 6.2
import PackageDescription

/// A package of its own: what measures the rooms never enters a build of the server.
let rooms = [
  "Core", "Language", "Audio", "Governance", "Dialogue", "Conversation", "Assistant", "Speech", "Calls", "Rehearsal", "TestSupport",
]

let package = Package(
  name: "repartee-benchmarks",
  dependencies: [
    .package(name: "repartee", path: ".."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: rooms.map { .product(name: $0, package: "repartee") } + [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
