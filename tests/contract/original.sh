# The commands that a client of the original service was given, unchanged but for the user's name.

curl -s -X POST http://localhost:8000/auth/users/ --data 'username=djoser&password=12ab34cd'

curl -s -X POST http://localhost:8000/token/ --data 'username=djoser&password=12ab34cd' > token.json
TOKEN=$(python3 -c 'import json; print(json.load(open("token.json"))["access"])')

curl -s -X POST http://localhost:8000/collect/team/ -H "Authorization: Bearer $TOKEN" --form 'file=@team.csv'

curl -s http://localhost:8000/collect/team/ -H "Authorization: Bearer $TOKEN"

curl -s -X DELETE http://localhost:8000/collect/team/1/ -H "Authorization: Bearer $TOKEN"

curl -s http://localhost:8000/collect/team/1/ -H "Authorization: Bearer $TOKEN"

curl -s -X POST http://localhost:8000/collect/baseline/ -H "Authorization: Bearer $TOKEN" --form 'file=@100000-Sales-Records.csv'

curl -s 'http://localhost:8000/collect/data/?from=2015-08-01' -H "Authorization: Bearer $TOKEN"
