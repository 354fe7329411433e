from centerpoint.cli import main

main()
