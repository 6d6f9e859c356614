import Language
import Testing

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("order", "odrer", 1),
    ("ca", "abc", 3),
  ])
  func `the distance of two words is counted up to its limit`(left: String, right: String, distance: Int) {
    #expect(EditDistance.within(distance, left, right) == distance)
    #expect(EditDistance.within(distance + 3, left, right) == distance)
    #expect(EditDistance.within(distance - 1, left, right) == nil)
  }
}
